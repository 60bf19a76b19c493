package io.sluice.client;

import io.sluice.client.service.Backoff;
import io.sluice.client.service.Failure;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;

/**
 * The topics at SNS, each looked up once in a while. A topic is a FIFO topic if there is one of its
 * name, otherwise a standard one; its tags say the rest, and one without them is somebody else's:
 * plain, with one partition. Safe for use by many threads.
 */
final class TopicDirectory {

  /** The tag that says how records travel. */
  static final String FORMAT_TAG = "sluice:format";

  /** The tag with the number of partitions. */
  static final String PARTITIONS_TAG = "sluice:partitions";

  /** More than anybody needs, and as many as the number of a message group is read as. */
  static final int MAX_PARTITIONS = 100_000;

  /** So long a look-up may take even when there is less time left. */
  private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);

  /** When to look again after a look-up that failed, while an old description is used. */
  private static final long AFTER_FAILURE = Duration.ofSeconds(5).toNanos();

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  /**
   * What a look-up has found.
   *
   * @param lookAgainAt ns of {@link System#nanoTime}
   */
  private record Known(TopicDescription topic, long lookAgainAt) {}

  private final Services services;
  private final Duration maxAge;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  TopicDirectory(Services services, Duration maxAge) {
    this.services = services;
    this.maxAge = maxAge;
  }

  /**
   * What is known of a topic, which may be as old as the maximal age, or older while the service
   * does not answer.
   *
   * @throws UnknownTopicOrPartitionException there is none
   */
  TopicDescription find(String topic) {
    return find(topic, Optional.empty());
  }

  /**
   * The same; a look-up that may succeed later is tried again until it is given up.
   *
   * @param patience how long it may take; once it is tried whatever that is
   * @throws TimeoutException it did not succeed in time
   */
  TopicDescription find(String topic, Duration patience) {
    return find(topic, Optional.of(patience));
  }

  private TopicDescription find(String topic, Optional<Duration> patience) {
    Known found = known.get(topic);
    if (found != null && System.nanoTime() - found.lookAgainAt() < 0) {
      return found.topic();
    }
    long deadline = System.nanoTime() + Nanoseconds.of(patience.orElse(Duration.ZERO));
    for (int attempts = 1; ; attempts++) {
      try {
        Optional<Duration> left =
            patience.map(all -> Duration.ofNanos(deadline - System.nanoTime()));
        return remember(look(topic, left), Nanoseconds.of(maxAge));
      } catch (UnknownTopicOrPartitionException e) {
        known.remove(topic);
        throw e;
      } catch (SdkException e) {
        Failure failure = Failure.of(e);
        if (found != null && failure.retriable() && !maxAge.isZero()) {
          return remember(found.topic(), AFTER_FAILURE);
        }
        if (!failure.retriable() || patience.isEmpty()) {
          throw failure.exception();
        }
        long wait = BACKOFF.nanos(attempts);
        if (System.nanoTime() + wait - deadline >= 0) {
          throw new TimeoutException(
              "Topic %s not present in metadata after %d ms."
                  .formatted(topic, patience.get().toMillis()),
              failure.exception());
        }
        sleep(wait);
      }
    }
  }

  private TopicDescription remember(TopicDescription topic, long nanos) {
    known.put(topic.name(), new Known(topic, System.nanoTime() + nanos));
    return topic;
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** The names of all topics, Kafka's. */
  Set<String> names() {
    return Failure.translated(
        () -> {
          Set<String> names = new TreeSet<>();
          services
              .sns()
              .listTopicsPaginator()
              .topics()
              .forEach(topic -> names.add(name(topic.topicArn())));
          return names;
        });
  }

  /** The partitions of every topic. */
  Map<String, List<PartitionInfo>> partitionInfos() {
    Map<String, List<PartitionInfo>> all = new HashMap<>();
    names().forEach(name -> all.put(name, find(name).partitionInfos()));
    return all;
  }

  private static String name(String arn) {
    return ResourceNames.kafkaTopic(arn.substring(arn.lastIndexOf(':') + 1));
  }

  /** Nothing is known of it any more. */
  void forget(String topic) {
    known.remove(topic);
  }

  /** Looks again the next time, and uses what is known if that is no more than a failure. */
  void lookAgain(String topic) {
    known.computeIfPresent(topic, (name, found) -> new Known(found.topic(), System.nanoTime()));
  }

  private TopicDescription look(String topic, Optional<Duration> left) {
    Optional<TopicDescription> fifo;
    try {
      fifo = look(topic, true, left);
    } catch (AuthorizationErrorException e) {
      // Who may use the standard topic alone is not told whether there is another.
      return look(topic, false, left).orElseThrow(() -> e);
    }
    return fifo.or(() -> look(topic, false, left))
        .orElseThrow(
            () ->
                new UnknownTopicOrPartitionException(
                    "There is no SNS topic "
                        + ResourceNames.topic(topic, true)
                        + " or "
                        + ResourceNames.topic(topic, false)));
  }

  private Optional<TopicDescription> look(String topic, boolean fifo, Optional<Duration> left) {
    String arn = services.place().topicArn(ResourceNames.topic(topic, fifo));
    Consumer<AwsRequestOverrideConfiguration.Builder> inTime =
        override -> left.map(TopicDirectory::timeout).ifPresent(override::apiCallTimeout);
    try {
      services
          .sns()
          .getTopicAttributes(request -> request.topicArn(arn).overrideConfiguration(inTime));
      List<Tag> tags =
          services
              .sns()
              .listTagsForResource(
                  request -> request.resourceArn(arn).overrideConfiguration(inTime))
              .tags();
      Format format =
          Format.PACKED.tag().equals(tag(tags, FORMAT_TAG)) ? Format.PACKED : Format.PLAIN;
      return Optional.of(
          new TopicDescription(topic, arn, fifo, format, partitions(tag(tags, PARTITIONS_TAG))));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Duration timeout(Duration left) {
    return left.compareTo(SHORTEST_CALL) < 0 ? SHORTEST_CALL : left;
  }

  private static String tag(List<Tag> tags, String key) {
    return tags.stream()
        .filter(tag -> tag.key().equals(key))
        .map(Tag::value)
        .findFirst()
        .orElse("");
  }

  private static int partitions(String tag) {
    return tag.matches("[1-9][0-9]{0,5}") ? Math.min(Integer.parseInt(tag), MAX_PARTITIONS) : 1;
  }
}
