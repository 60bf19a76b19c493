package io.sluice.client.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.message.PlainMessage;
import io.sluice.client.service.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.SnsException;

class PublishingTest {

  private static final String TOPIC = "arn:aws:sns:eu-central-1:000000000000:orders.fifo";
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(20));

  /** A service with moods: it refuses entries, and loses requests and answers. */
  private static final class MoodySns implements SnsClient {
    private final Random random = new Random(3);
    private final Map<String, List<String>> groups = new TreeMap<>();
    private final Set<String> known = new HashSet<>();
    private int largest;
    private boolean isDown;

    @Override
    public synchronized PublishBatchResponse publishBatch(PublishBatchRequest request) {
      int entries = request.publishBatchRequestEntries().size();
      largest = Math.max(largest, entries);
      Set<String> inRequest = new HashSet<>();
      request
          .publishBatchRequestEntries()
          .forEach(e -> assertTrue(inRequest.add(e.messageGroupId())));
      if (isDown || random.nextInt(5) == 0) {
        throw SdkClientException.create("the request was lost", new java.io.IOException());
      }
      PublishBatchResponse.Builder response = PublishBatchResponse.builder();
      List<PublishBatchResultEntry> good = new ArrayList<>();
      List<BatchResultErrorEntry> bad = new ArrayList<>();
      for (PublishBatchRequestEntry entry : request.publishBatchRequestEntries()) {
        if (random.nextInt(5) == 0) {
          bad.add(
              BatchResultErrorEntry.builder()
                  .id(entry.id())
                  .code("Throttled")
                  .message("later")
                  .senderFault(true)
                  .build());
        } else {
          if (known.add(entry.messageDeduplicationId())) {
            groups
                .computeIfAbsent(entry.messageGroupId(), g -> new ArrayList<>())
                .add(entry.message());
          }
          good.add(PublishBatchResultEntry.builder().id(entry.id()).sequenceNumber("7").build());
        }
      }
      if (random.nextInt(5) == 0) {
        throw SdkClientException.create("the answer was lost", new java.io.IOException());
      }
      return response.successful(good).failed(bad).build();
    }

    @Override
    public String serviceName() {
      return "sns";
    }

    @Override
    public void close() {}
  }

  /** A lane with what it is given. */
  private static final class Waiting extends Lane {
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private long since = System.nanoTime();

    @Override
    protected int bytes() {
      return waiting.getFirst().bytes();
    }

    @Override
    protected boolean isEmpty() {
      return waiting.isEmpty();
    }

    @Override
    protected long readyAt() {
      return since;
    }

    @Override
    protected Outgoing next() {
      return waiting.removeFirst();
    }
  }

  private static Outgoing message(
      String group, String body, Duration patience, CompletableFuture<String> result) {
    return new Outgoing.Message(
        new PlainMessage(body, group, new TreeMap<>()),
        group + body,
        body.length(),
        System.nanoTime() + patience.toNanos(),
        new Outgoing.Listener() {
          @Override
          public void published(@Nullable String sequenceNumber) {
            assertTrue(result.complete(String.valueOf(sequenceNumber)), "told twice");
          }

          @Override
          public void failed(RuntimeException reason) {
            assertTrue(result.completeExceptionally(reason), "told twice");
          }
        });
  }

  @Test
  void whatever_fails_each_lane_is_published_once_and_in_order() {
    MoodySns sns = new MoodySns();
    Map<String, List<String>> sent = new TreeMap<>();
    List<CompletableFuture<String>> results = new ArrayList<>();
    try (Publishing publishing = new Publishing(sns, 4, 1000, BACKOFF, "test")) {
      Map<String, Waiting> lanes = new TreeMap<>();
      Random random = new Random(9);
      for (int i = 0; i < 2000; i++) {
        String group = "group" + random.nextInt(30);
        String body = "message " + i + " " + "x".repeat(random.nextInt(300));
        CompletableFuture<String> result = new CompletableFuture<>();
        Waiting lane = lanes.computeIfAbsent(group, g -> new Waiting());
        publishing.change(
            TOPIC,
            lane,
            () -> lane.waiting.add(message(group, body, Duration.ofMinutes(1), result)));
        results.add(result);
        sent.computeIfAbsent(group, g -> new ArrayList<>()).add(body);
      }
    }
    results.forEach(result -> assertEquals("7", result.join()));
    assertEquals(sent, sns.groups);
    assertTrue(sns.largest > 1 && sns.largest <= 10, "up to " + sns.largest + " in a request");
  }

  @Test
  void what_is_ready_takes_along_what_waits_for_others() {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    SnsClient counting =
        answering(
            request -> {
              sizes.add(request.publishBatchRequestEntries().size());
              return allGood(request);
            });
    try (Publishing publishing = new Publishing(counting, 1, 100, BACKOFF, "test")) {
      List<CompletableFuture<String>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Waiting lane = new Waiting();
        lane.since += i < 3 ? Duration.ofDays(1).toNanos() : 0;
        String body = i == 1 ? "x".repeat(100) : "small";
        CompletableFuture<String> result = new CompletableFuture<>();
        results.add(result);
        Outgoing message = message("g" + i, body, Duration.ofDays(2), result);
        publishing.change(TOPIC, lane, () -> lane.waiting.add(message));
      }
      results.get(0).join();
      results.get(2).join();
      results.get(3).join();
      assertEquals(List.of(3), sizes, "the large one would not fit");
      assertFalse(results.get(1).isDone());
      publishing.close(Duration.ZERO);
    }
  }

  @Test
  void what_cannot_be_published_expires() {
    MoodySns sns = new MoodySns();
    sns.isDown = true;
    CompletableFuture<String> result = new CompletableFuture<>();
    try (Publishing publishing = new Publishing(sns, 1, 1000, BACKOFF, "test")) {
      Waiting lane = new Waiting();
      publishing.change(
          TOPIC, lane, () -> lane.waiting.add(message("a", "b", Duration.ofMillis(50), result)));
      assertInstanceOf(TimeoutException.class, reason(result));
    }
  }

  @Test
  void what_never_can_be_published_fails_at_once_and_the_rest_goes_on() {
    SnsClient gone =
        failing(
            () -> {
              throw NotFoundException.builder()
                  .message("Topic does not exist")
                  .awsErrorDetails(AwsErrorDetails.builder().errorCode("NotFound").build())
                  .statusCode(404)
                  .build();
            });
    try (Publishing publishing = new Publishing(gone, 1, 1000, BACKOFF, "test")) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Waiting lane = new Waiting();
        publishing.change(
            TOPIC, lane, () -> lane.waiting.add(message("a", "b", Duration.ofDays(1), result)));
        assertInstanceOf(UnknownTopicOrPartitionException.class, reason(result));
      }
    }
  }

  private static SnsClient failing(Runnable how) {
    return new SnsClient() {
      @Override
      public PublishBatchResponse publishBatch(PublishBatchRequest request) {
        how.run();
        throw new AssertionError("it should have failed");
      }

      @Override
      public String serviceName() {
        return "sns";
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void an_error_is_told_and_a_listener_that_fails_is_survived() {
    SnsClient broken =
        failing(
            () -> {
              throw new NoClassDefFoundError("somebody's");
            });
    try (Publishing publishing = new Publishing(broken, 1, 1000, BACKOFF, "test")) {
      Waiting first = new Waiting();
      CompletableFuture<String> unheard = new CompletableFuture<>();
      unheard.complete("told already"); // so that its listener fails
      publishing.change(
          TOPIC, first, () -> first.waiting.add(message("a", "b", Duration.ofDays(1), unheard)));
      Waiting second = new Waiting();
      CompletableFuture<String> result = new CompletableFuture<>();
      publishing.change(
          TOPIC, second, () -> second.waiting.add(message("c", "d", Duration.ofDays(1), result)));
      assertInstanceOf(NoClassDefFoundError.class, reason(result).getCause());
    }
  }

  @Test
  void closed_in_a_hurry_it_gives_up_what_is_left() {
    MoodySns sns = new MoodySns();
    sns.isDown = true;
    Publishing publishing = new Publishing(sns, 1, 1000, BACKOFF, "test");
    List<CompletableFuture<String>> results = new ArrayList<>();
    Waiting lane = new Waiting();
    for (int i = 0; i < 5; i++) {
      CompletableFuture<String> result = new CompletableFuture<>();
      results.add(result);
      publishing.change(
          TOPIC, lane, () -> lane.waiting.add(message("a", "b", Duration.ofDays(1), result)));
    }
    publishing.close(Duration.ZERO);
    results.forEach(result -> assertInstanceOf(KafkaException.class, reason(result)));
    assertThrows(IllegalStateException.class, () -> publishing.change(TOPIC, lane, () -> {}));
  }

  /** Answers each request in some way. */
  private static SnsClient answering(Function<PublishBatchRequest, PublishBatchResponse> how) {
    return new SnsClient() {
      @Override
      public PublishBatchResponse publishBatch(PublishBatchRequest request) {
        return how.apply(request);
      }

      @Override
      public String serviceName() {
        return "sns";
      }

      @Override
      public void close() {}
    };
  }

  private static PublishBatchResponse allGood(PublishBatchRequest request) {
    return PublishBatchResponse.builder()
        .successful(
            request.publishBatchRequestEntries().stream()
                .map(e -> PublishBatchResultEntry.builder().id(e.id()).sequenceNumber("7").build())
                .toList())
        .build();
  }

  private static CompletableFuture<String> send(
      Publishing publishing, Waiting lane, String body, Duration patience) {
    CompletableFuture<String> result = new CompletableFuture<>();
    publishing.change(TOPIC, lane, () -> lane.waiting.add(message("a", body, patience, result)));
    return result;
  }

  private static Outgoing.Message told(String body, Runnable listener) {
    return new Outgoing.Message(
        new PlainMessage(body, "a", new TreeMap<>()),
        body,
        body.length(),
        System.nanoTime() + Duration.ofDays(1).toNanos(),
        new Outgoing.Listener() {
          @Override
          public void published(@Nullable String sequenceNumber) {
            listener.run();
          }

          @Override
          public void failed(RuntimeException reason) {
            listener.run();
          }
        });
  }

  @Test
  void an_answer_of_a_load_balancer_is_tried_again() {
    AtomicInteger requests = new AtomicInteger();
    SnsClient balanced =
        answering(
            request -> {
              if (requests.incrementAndGet() == 1) {
                throw SnsException.builder()
                    .statusCode(503)
                    .awsErrorDetails(AwsErrorDetails.builder().build())
                    .build();
              }
              return allGood(request);
            });
    try (Publishing publishing = new Publishing(balanced, 1, 1000, BACKOFF, "test")) {
      assertEquals("7", send(publishing, new Waiting(), "b", Duration.ofDays(1)).join());
    }
    assertEquals(2, requests.get());
  }

  @Test
  void what_an_answer_does_not_mention_is_tried_again() {
    AtomicInteger requests = new AtomicInteger();
    SnsClient forgetful =
        answering(
            request ->
                requests.incrementAndGet() == 1
                    ? PublishBatchResponse.builder().build()
                    : allGood(request));
    try (Publishing publishing = new Publishing(forgetful, 1, 1000, BACKOFF, "test")) {
      assertEquals("7", send(publishing, new Waiting(), "b", Duration.ofDays(1)).join());
    }
    assertEquals(2, requests.get());
  }

  @Test
  void an_answer_that_cannot_be_understood_is_told() {
    SnsClient strange =
        answering(
            request ->
                PublishBatchResponse.builder()
                    .successful(PublishBatchResultEntry.builder().id("seven").build())
                    .build());
    try (Publishing publishing = new Publishing(strange, 1, 1000, BACKOFF, "test")) {
      CompletableFuture<String> result = send(publishing, new Waiting(), "b", Duration.ofDays(1));
      assertInstanceOf(KafkaException.class, reason(result));
    }
  }

  @Test
  void listeners_of_a_lane_hear_in_order_however_slow_they_are() {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    SnsClient sns =
        answering(
            request -> {
              if (asked.incrementAndGet() == 2) {
                second.countDown();
              }
              return allGood(request);
            });
    try (Publishing publishing = new Publishing(sns, 4, 1000, BACKOFF, "test")) {
      Waiting lane = new Waiting();
      publishing.change(
          TOPIC,
          lane,
          () -> {
            lane.waiting.add(
                told(
                    "first",
                    () -> {
                      // The next must not even be asked for meanwhile.
                      assertFalse(await(second, Duration.ofMillis(200)));
                      heard.add("first");
                    }));
            lane.waiting.add(told("second", () -> heard.add("second")));
          });
    }
    assertEquals(List.of("first", "second"), heard);
  }

  private static boolean await(CountDownLatch latch, Duration patience) {
    try {
      return latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_has_expired_behind_another_is_not_tried() {
    Set<String> tried = ConcurrentHashMap.newKeySet();
    SnsClient down =
        answering(
            request -> {
              request.publishBatchRequestEntries().forEach(e -> tried.add(e.message()));
              throw SdkClientException.create("the request was lost", new java.io.IOException());
            });
    try (Publishing publishing = new Publishing(down, 1, 1000, BACKOFF, "test")) {
      Waiting lane = new Waiting();
      CompletableFuture<String> first = new CompletableFuture<>();
      CompletableFuture<String> second = new CompletableFuture<>();
      publishing.change(
          TOPIC,
          lane,
          () -> {
            lane.waiting.add(message("a", "first", Duration.ofMillis(100), first));
            lane.waiting.add(message("a", "second", Duration.ZERO, second));
          });
      assertInstanceOf(TimeoutException.class, reason(first));
      assertInstanceOf(TimeoutException.class, reason(second));
    }
    assertFalse(tried.contains("second"), tried.toString());
  }

  @Test
  void a_request_is_given_no_longer_than_its_messages_have() {
    List<Duration> timeouts = Collections.synchronizedList(new ArrayList<>());
    SnsClient sns =
        answering(
            request -> {
              timeouts.add(
                  request.overrideConfiguration().orElseThrow().apiCallTimeout().orElseThrow());
              return allGood(request);
            });
    try (Publishing publishing = new Publishing(sns, 1, 1000, BACKOFF, "test")) {
      send(publishing, new Waiting(), "a", Duration.ofSeconds(40)).join();
      send(publishing, new Waiting(), "b", Duration.ofSeconds(9)).join();
    }
    assertTrue(timeouts.get(0).compareTo(Duration.ofSeconds(40)) <= 0, timeouts.toString());
    assertEquals(Duration.ofSeconds(10), timeouts.get(1));
  }

  @Test
  void a_listener_that_interrupts_itself_ends_nothing() {
    try (Publishing publishing =
        new Publishing(answering(PublishingTest::allGood), 1, 1000, BACKOFF, "test")) {
      Waiting lane = new Waiting();
      CompletableFuture<String> first = new CompletableFuture<>();
      publishing.change(
          TOPIC,
          lane,
          () ->
              lane.waiting.add(
                  told(
                      "first",
                      () -> {
                        Thread.currentThread().interrupt();
                        first.complete("told");
                      })));
      assertEquals("told", first.join());
      assertEquals("7", send(publishing, new Waiting(), "b", Duration.ofDays(1)).join());
    }
  }

  @Test
  void as_many_requests_are_under_way_as_may_be() throws Exception {
    CountDownLatch all = new CountDownLatch(4);
    SnsClient slow =
        answering(
            request -> {
              all.countDown();
              assertTrue(await(all, Duration.ofMinutes(1)), "not all at once");
              return allGood(request);
            });
    try (Publishing publishing = new Publishing(slow, 4, 10, BACKOFF, "test")) {
      List<CompletableFuture<String>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        // So large that each is a request by itself.
        results.add(send(publishing, new Waiting(), "x".repeat(10), Duration.ofDays(1)));
      }
      results.forEach(result -> assertEquals("7", result.join()));
    }
  }

  @Test
  void closed_by_a_listener_it_does_not_wait() {
    AtomicReference<Publishing> itself = new AtomicReference<>();
    CompletableFuture<String> closed = new CompletableFuture<>();
    Publishing publishing =
        new Publishing(answering(PublishingTest::allGood), 1, 1000, BACKOFF, "test");
    itself.set(publishing);
    assertFalse(publishing.isTelling());
    Waiting lane = new Waiting();
    CompletableFuture<String> behind = new CompletableFuture<>();
    publishing.change(
        TOPIC,
        lane,
        () -> {
          lane.waiting.add(
              told(
                  "first",
                  () -> {
                    assertTrue(itself.get().isTelling());
                    itself.get().close();
                    assertFalse(Thread.currentThread().isInterrupted());
                    closed.complete("closed");
                  }));
          lane.waiting.add(message("a", "second", Duration.ofDays(1), behind));
        });
    assertEquals("closed", closed.orTimeout(60, TimeUnit.SECONDS).join());
    assertInstanceOf(KafkaException.class, reason(behind));
  }

  @Test
  void what_cannot_be_a_message_is_told_in_its_turn() {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    try (Publishing publishing =
        new Publishing(answering(PublishingTest::allGood), 4, 1000, BACKOFF, "test")) {
      Waiting lane = new Waiting();
      publishing.change(
          TOPIC,
          lane,
          () -> {
            lane.waiting.add(told("first", () -> heard.add("first")));
            Outgoing.Listener refused = told("", () -> heard.add("refused")).listener();
            lane.waiting.add(new Outgoing.Refused(new KafkaException("too large"), refused));
            lane.waiting.add(told("last", () -> heard.add("last")));
          });
    }
    assertEquals(List.of("first", "refused", "last"), heard);
  }

  @Test
  void a_lane_that_fails_ends_it_and_nobody_waits() {
    Publishing publishing =
        new Publishing(answering(PublishingTest::allGood), 1, 1000, BACKOFF, "test");
    Waiting good = new Waiting();
    CompletableFuture<String> result = new CompletableFuture<>();
    Lane broken =
        new Lane() {
          private final long since = System.nanoTime();

          @Override
          protected int bytes() {
            return 1;
          }

          @Override
          protected boolean isEmpty() {
            return false;
          }

          @Override
          protected long readyAt() {
            return since;
          }

          @Override
          protected Outgoing next() {
            throw new NoClassDefFoundError("somebody's");
          }
        };
    publishing.change(
        TOPIC,
        good,
        () -> {
          // Later, so that it still waits when the other fails.
          good.since = System.nanoTime() + Duration.ofDays(1).toNanos();
          good.waiting.add(message("a", "b", Duration.ofDays(1), result));
        });
    publishing.change("another", broken, () -> {});
    assertInstanceOf(NoClassDefFoundError.class, reason(result).getCause());
    assertThrows(IllegalStateException.class, () -> publishing.change(TOPIC, good, () -> {}));
    publishing.close();
  }

  private static Throwable reason(CompletableFuture<String> result) {
    return assertThrows(CompletionException.class, result::join).getCause();
  }
}
