package io.sluice.kafka.share;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.group.Groups;
import java.util.List;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The APIs of share consumers, and the sessions behind them. Safe for use by many threads. */
public final class ShareApis {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareApis.class);

  /** Kafka's {@code group.share.max.share.sessions}. */
  static final int MAX_SESSIONS = 2_000;

  /** How many partitions all sessions may name together: some tens of megabytes. */
  private static final int MAX_PARTITIONS = 500_000;

  private final Groups groups;
  private final ShareSessions sessions = new ShareSessions(MAX_SESSIONS, MAX_PARTITIONS);
  private final ShareAcknowledger acknowledger;
  private final ShareFetcher fetcher;

  /** Nobody has a session yet. */
  public ShareApis(Broker broker, Groups groups) {
    this.groups = groups;
    this.acknowledger = new ShareAcknowledger(broker.topics(), broker.shareGroups());
    this.fetcher = new ShareFetcher(broker.topics(), broker.shareGroups(), groups);
  }

  /** Every one of them, for registration. */
  public List<KafkaApi> all() {
    return List.of(
        new ShareFetchApi(groups, sessions, acknowledger, fetcher),
        new ShareAcknowledgeApi(groups, sessions, acknowledger));
  }

  /** Whoever waits for records, now or later, is answered with those that there are. */
  public void stopWaiting() {
    fetcher.stopWaiting();
  }

  /** Ends the sessions of a connection, and releases what their members hold. */
  public void disconnected(String connectionId) throws InterruptedException {
    for (ShareSession ended : sessions.endOf(connectionId)) {
      try {
        acknowledger.release(
            ended.member(), ended.partitions(), groups.shareGroup(ended.member().group()));
      } catch (CoordinatorNotAvailableException e) {
        LOGGER.debug("what {} holds is locked until its time is over", ended.member(), e);
      }
    }
  }
}
