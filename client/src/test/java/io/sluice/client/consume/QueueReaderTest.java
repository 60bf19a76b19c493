package io.sluice.client.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.message.S3Pointer;
import io.sluice.client.message.UnreadableMessageException;
import io.sluice.client.service.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** What goes wrong between a consumer and its queue. */
class QueueReaderTest {

  private static final Source SOURCE = new Source("orders", false, 1, "url");
  private static final TopicPartition PARTITION = SOURCE.partition(0);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeSqs sqs = new FakeSqs();
  private final FakePayloads payloads = new FakePayloads();
  private QueueReader reader = reader(30, 60_000, 1000);

  private QueueReader reader(int visibilitySeconds, int maxPollMillis, int maxRecords) {
    return new QueueReader(
        sqs,
        new QueueReader.Options(
            Duration.ofSeconds(visibilitySeconds),
            Duration.ofMillis(maxPollMillis),
            Duration.ofSeconds(1),
            maxRecords,
            1_000_000,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)),
            "test",
            payloads));
  }

  @AfterEach
  void close() {
    reader.close(PATIENCE, () -> {});
  }

  private void start() {
    reader.inFlight().read(List.of(PARTITION));
    reader.start(SOURCE);
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      sqs.send("message " + i, "g");
    }
  }

  /** The offsets of the next records. */
  private List<Long> take(int count) throws InterruptedException {
    List<Long> offsets = new ArrayList<>();
    while (offsets.size() < count) {
      InFlightMessages.Next next = next();
      offsets.add(next.record().offset());
      assertEquals(List.of(), reader.inFlight().given(List.of(next)));
    }
    return offsets;
  }

  private InFlightMessages.Next next() throws InterruptedException {
    return reader.inFlight().next(1, PATIENCE.toNanos()).get(0);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come to pass");
      Thread.onSpinWait();
    }
  }

  @Test
  void throttled_requests_are_tried_again() throws Exception {
    sqs.fail(400, "RequestThrottled");
    sqs.fail(503, "ServiceUnavailable");
    send(25);
    start();
    assertEquals(25, take(25).size());
    sqs.failEntry("RequestThrottled");
    reader.delete(reader.inFlight().commit(), PATIENCE).get();
    assertEquals(0, sqs.inFlight());
  }

  @Test
  void expired_credentials_are_said_and_may_be_renewed() throws Exception {
    sqs.fail(403, "ExpiredToken");
    start();
    assertTrue(reader.inFlight().next(1, PATIENCE.toNanos()).isEmpty());
    assertThrows(AuthenticationException.class, reader.inFlight()::check);
    reader.inFlight().check();
    send(1);
    assertEquals(List.of(0L), take(1));
  }

  @Test
  void a_missing_permission_is_said_and_nothing_is_lost() throws Exception {
    send(2);
    start();
    take(2);
    sqs.failDeletion(403, "AccessDenied");
    List<HeldMessage> done = reader.inFlight().commit();
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> reader.delete(done, PATIENCE).get());
    assertInstanceOf(TopicAuthorizationException.class, refused.getCause());
    reader.delete(reader.inFlight().commit(), PATIENCE).get();
    assertEquals(0, sqs.inFlight());
  }

  @Test
  void a_message_that_others_have_by_now_fails_the_commit() throws Exception {
    send(3);
    start();
    take(3);
    sqs.failEntry("ReceiptHandleIsInvalid");
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () -> reader.delete(reader.inFlight().commit(), PATIENCE).get());
    assertInstanceOf(CommitFailedException.class, refused.getCause());
    reader.delete(reader.inFlight().commit(), PATIENCE).get(); // it is no longer ours
  }

  /** Commits of one message each, the first of which is under way when the others come. */
  private List<CompletableFuture<Void>> commitsBehindOne(int count) throws Exception {
    send(count);
    start();
    sqs.holdDeletes(true);
    List<CompletableFuture<Void>> commits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      take(1);
      commits.add(reader.delete(reader.inFlight().commit(), PATIENCE));
      await(() -> sqs.deletes() == 1);
    }
    return commits;
  }

  @Test
  void commits_that_come_while_one_is_under_way_go_together() throws Exception {
    List<CompletableFuture<Void>> commits = commitsBehindOne(8);
    sqs.holdDeletes(false);
    for (CompletableFuture<Void> commit : commits) {
      commit.get();
    }
    assertEquals(0, sqs.inFlight());
    assertEquals(2, sqs.deletes());
  }

  @Test
  void of_commits_that_go_together_only_that_fails_whose_message_is_lost() throws Exception {
    List<CompletableFuture<Void>> commits = commitsBehindOne(4);
    sqs.failSecondDelete("ReceiptHandleIsInvalid");
    sqs.holdDeletes(false);
    ExecutionException refused = assertThrows(ExecutionException.class, () -> commits.get(1).get());
    assertInstanceOf(CommitFailedException.class, refused.getCause());
    for (int i : new int[] {0, 2, 3}) {
      commits.get(i).get();
    }
    assertEquals(2, sqs.deletes());
  }

  @Test
  void what_is_committed_is_not_said_to_be_lost_when_it_is_deleted_already() throws Exception {
    send(2);
    start();
    take(1);
    List<HeldMessage> committed = reader.inFlight().commit();
    take(1);
    List<HeldMessage> all = reader.inFlight().leasedBefore(System.nanoTime());
    assertEquals(2, all.size());
    assertTrue(all.containsAll(committed));
    assertEquals(1, reader.inFlight().lost(all).count());
  }

  @Test
  void a_commit_takes_what_an_earlier_one_could_not_delete() throws Exception {
    send(3);
    start();
    take(3);
    sqs.holdDeletes(true);
    CompletableFuture<Void> first = reader.delete(reader.inFlight().commit(), PATIENCE);
    await(() -> sqs.deletes() == 1);
    CompletableFuture<Void> second = reader.delete(reader.inFlight().commit(), PATIENCE);
    sqs.failDeletion(403, "AccessDenied");
    sqs.holdDeletes(false);
    assertThrows(ExecutionException.class, first::get);
    second.get();
    assertEquals(0, sqs.inFlight());
  }

  @Test
  void a_commit_that_is_refused_takes_nothing() throws Exception {
    send(2);
    start();
    take(2);
    TopicPartition other = new TopicPartition("other", 0);
    assertThrows(
        IllegalStateException.class,
        () -> reader.inFlight().commit(Map.of(PARTITION, 2L, other, 1L)));
    reader.delete(reader.inFlight().commit(), PATIENCE).get();
    assertEquals(0, sqs.inFlight());
  }

  @Test
  void a_source_that_changes_is_read_on_by_one_receiver() throws Exception {
    start();
    await(() -> sqs.receives() == 1);
    reader.start(new Source("orders", SOURCE.packed(), 2, SOURCE.queueUrl()));
    send(1);
    assertEquals(List.of(0L), take(1));
    assertTrue(reader.isReceiving(SOURCE));
  }

  @Test
  void what_goes_to_others_while_it_is_looked_at_is_not_given_and_takes_no_other_with_it()
      throws Exception {
    sqs.send("message 0", "a");
    sqs.send("message 1", "b");
    start();
    InFlightMessages.Next first = next();
    await(() -> sqs.inFlight() == 2);
    List<HeldMessage> held = reader.inFlight().leasedBefore(System.nanoTime());
    reader.inFlight().lost(held.subList(0, 1));
    assertEquals(List.of(first), reader.inFlight().given(List.of(first)));
    assertEquals(List.of(1L), take(1));
    reader.letGoAll();
    assertEquals(List.of(first), reader.inFlight().given(List.of(first)));
  }

  @Test
  void a_message_that_fails_leaves_others_alone() throws Exception {
    sqs.send("a", "first");
    sqs.send("b", "second");
    sqs.send("c", "first");
    start();
    take(3);
    assertEquals(Set.of(0L, 2L), reader.letGoGroup(PARTITION, 0));
    assertTrue(sqs.visibilities().contains(1), "it is not left alone for a while");
    assertEquals(1, reader.inFlight().commit().size());
  }

  @Test
  void a_queue_that_is_gone_is_said_and_left() throws Exception {
    sqs.fail(400, "QueueDoesNotExist");
    start();
    assertTrue(reader.inFlight().next(1, PATIENCE.toNanos()).isEmpty());
    assertThrows(GroupIdNotFoundException.class, reader.inFlight()::check);
    await(() -> !reader.isReceiving(SOURCE));
  }

  @Test
  void what_is_in_flight_is_renewed_while_the_application_polls() throws Exception {
    reader.close(PATIENCE, () -> {});
    reader = reader(1, 60_000, 1000);
    send(1);
    start();
    take(1);
    await(() -> sqs.visibilities().size() >= 3);
    assertEquals(List.of(1, 1, 1), sqs.visibilities().subList(0, 3));
  }

  @Test
  void an_application_that_does_not_poll_loses_its_messages_and_gets_no_more() throws Exception {
    reader.close(PATIENCE, () -> {});
    reader = reader(1, 1000, 1000);
    send(5);
    start();
    await(() -> reader.inFlight().isEvicted() && sqs.available() == 5);
    assertThrows(CommitFailedException.class, () -> reader.inFlight().commit());
    int receives = sqs.receives();
    reader.polled();
    reader.inFlight().readmit();
    for (int i = 0; i < 5; i++) {
      reader.polled();
      take(1);
    }
    assertTrue(sqs.receives() > receives);
  }

  @Test
  void no_more_is_received_than_is_wanted() throws Exception {
    reader.close(PATIENCE, () -> {});
    reader = reader(30, 60_000, 15);
    send(500);
    start();
    take(1);
    await(() -> sqs.inFlight() >= 15);
    // Some requests were under way when there was enough.
    assertTrue(sqs.inFlight() <= 15 + 4 * 10, () -> sqs.inFlight() + " in flight");
    take(499);
    reader.delete(reader.inFlight().commit(), PATIENCE).get();
    assertEquals(0, sqs.inFlight());
  }

  @Test
  void what_is_let_go_makes_room() throws Exception {
    reader.close(PATIENCE, () -> {});
    reader = reader(30, 60_000, 15);
    for (int i = 0; i < 200; i++) {
      sqs.send("message " + i, "g" + i);
    }
    start();
    await(() -> sqs.inFlight() >= 15);
    for (int i = 0; i < 150; i++) {
      next();
      reader.letGo(PARTITION);
    }
  }

  @Test
  void what_is_not_committed_goes_back_when_it_is_closed() throws Exception {
    send(30);
    start();
    take(12);
    reader.delete(reader.inFlight().commit(Map.of(PARTITION, 10L)), PATIENCE).get();
    CountDownLatch ended = new CountDownLatch(1);
    reader.close(PATIENCE, ended::countDown);
    assertTrue(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, sqs.inFlight());
    assertEquals(20, sqs.available());
  }

  @Test
  void a_payload_that_cannot_be_had_now_holds_nothing_up_and_comes_in_its_place() throws Exception {
    S3Pointer pointer = payloads.store("a large one");
    payloads.failNext();
    sqs.send("message 0", "g");
    sqs.send(
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\"bucket\","
            + "\"s3Key\":\""
            + pointer.key()
            + "\"}]",
        "g",
        Map.of(
            "ExtendedPayloadSize",
            MessageAttributeValue.builder().dataType("Number").stringValue("11").build()));
    sqs.send("message 2", "g");
    start();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      InFlightMessages.Next next = next();
      values.add(new String(next.record().value(), UTF_8));
      reader.inFlight().given(List.of(next));
    }
    assertEquals(List.of("message 0", "a large one", "message 2"), values);
    assertTrue(sqs.visibilities().contains(0), "nothing went back");
  }

  @Test
  void a_payload_that_is_gone_is_named() throws Exception {
    sqs.send(
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\"bucket\","
            + "\"s3Key\":\"gone\"}]",
        "g",
        Map.of(
            "ExtendedPayloadSize",
            MessageAttributeValue.builder().dataType("Number").stringValue("11").build()));
    sqs.send("message 1", "g");
    start();
    InFlightMessages.Next next = next();
    assertInstanceOf(UnreadableMessageException.class, next.record().unreadable());
  }
}
