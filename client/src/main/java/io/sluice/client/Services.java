package io.sluice.client;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** SNS, SQS and STS of one account. Safe for use by many threads. */
public final class Services implements AutoCloseable {

  /**
   * Whose resources they are.
   *
   * @param partition such as {@code aws}
   * @param region such as {@code eu-central-1}
   * @param account its number
   */
  record Place(String partition, String region, String account) {

    String queueArn(String name) {
      return "arn:" + partition + ":sqs:" + region + ":" + account + ":" + name;
    }

    String topicArn(String name) {
      return "arn:" + partition + ":sns:" + region + ":" + account + ":" + name;
    }
  }

  private final SnsClient sns;
  private final SqsClient sqs;
  private final StsClient sts;

  /** How many have yet to close the clients. */
  private final AtomicInteger owners;

  private final AtomicBoolean closed = new AtomicBoolean();
  private final Clock clock = Clock.systemUTC();
  private @Nullable Place place;

  /** Clients that somebody else has made; they are closed with this. */
  public Services(SnsClient sns, SqsClient sqs, StsClient sts) {
    this(sns, sqs, sts, new AtomicInteger(1));
  }

  private Services(SnsClient sns, SqsClient sqs, StsClient sts, AtomicInteger owners) {
    this.sns = sns;
    this.sqs = sqs;
    this.sts = sts;
    this.owners = owners;
  }

  /** Clients that others use too: closing this does not close them. */
  public static Services shared(SnsClient sns, SqsClient sqs, StsClient sts) {
    // This one, and whoever made them, who does not close them here.
    return new Services(sns, sqs, sts, new AtomicInteger(2));
  }

  /** The same clients for one more user; whoever is the last to close them does. */
  public synchronized Services share() {
    if (closed.get()) {
      throw new IllegalStateException("These services are closed");
    }
    owners.incrementAndGet();
    Services other = new Services(sns, sqs, sts, owners);
    other.place = place;
    return other;
  }

  /**
   * Clients by settings.
   *
   * @see ServiceConfig
   */
  public static Services of(Map<String, ?> configs) {
    ServiceConfig config = new ServiceConfig(configs);
    Made made = new Made();
    try {
      return new Services(
          made.add(config.applyTo(SnsClient.builder()).build()),
          made.add(config.applyTo(SqsClient.builder()).build()),
          made.add(config.applyTo(StsClient.builder()).build()));
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  /** SNS. */
  public SnsClient sns() {
    return sns;
  }

  /** SQS. */
  public SqsClient sqs() {
    return sqs;
  }

  /** The time of this machine, which should be the services' too: they refuse what is far off. */
  Clock clock() {
    return clock;
  }

  /** Asks once who is asking. */
  synchronized Place place() {
    Place known = place;
    if (known == null) {
      var identity = sts.getCallerIdentity();
      String region = sns.serviceClientConfiguration().region().id();
      known = new Place(identity.arn().split(":", 3)[1], region, identity.account());
      place = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (isLast()) {
      sns.close();
      sqs.close();
      sts.close();
    }
  }

  private synchronized boolean isLast() {
    return closed.compareAndSet(false, true) && owners.decrementAndGet() == 0;
  }
}
