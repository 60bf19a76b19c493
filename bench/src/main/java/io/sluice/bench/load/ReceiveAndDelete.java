package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * {@code ReceiveMessage} of up to ten, then {@code DeleteMessageBatch} of what came, and so on. A
 * unit is a message that is deleted. The body of the deletion is put together from the bytes of the
 * answer, without a tree of JSON.
 */
public final class ReceiveAndDelete implements Dialogue {

  static final int BATCH = 10;

  private static final int MOST_BYTES = 64 * 1024;
  private static final byte[] HEAD = AwsRequest.sqsHead("DeleteMessageBatch");
  private static final byte[] HANDLE = "\"ReceiptHandle\":\"".getBytes(UTF_8);
  private static final byte[] ID = "\"Id\"".getBytes(UTF_8);
  private static final byte[] CODE = "\"Code\"".getBytes(UTF_8);
  private static final byte[] END = "]}".getBytes(UTF_8);

  private final ByteBuffer receive;
  private final byte[] begin;
  private final byte[][] entries = new byte[BATCH][];
  private final ByteBuffer body = ByteBuffer.allocate(MOST_BYTES);
  private final ByteBuffer delete = ByteBuffer.allocateDirect(2 * MOST_BYTES);
  private int received;

  /** A dialogue with one queue. */
  public ReceiveAndDelete(String queueUrl) {
    receive =
        AwsRequest.sqs(
            "ReceiveMessage",
            "{\"QueueUrl\":\"%s\",\"MaxNumberOfMessages\":%d}".formatted(queueUrl, BATCH));
    begin = "{\"QueueUrl\":\"%s\",\"Entries\":[".formatted(queueUrl).getBytes(UTF_8);
    Arrays.setAll(
        entries,
        entry ->
            (entry == 0 ? "" : ",")
                .concat("{\"Id\":\"%d\",\"ReceiptHandle\":\"".formatted(entry))
                .getBytes(UTF_8));
  }

  @Override
  public ByteBuffer request() {
    if (received == 0) {
      return receive.rewind();
    }
    delete.clear().put(HEAD);
    AwsRequest.putLength(delete, body.position());
    return delete.put(body.flip()).flip();
  }

  @Override
  public int answered(HttpAnswer answer) {
    if (received == 0) {
      received = takeHandles(answer);
      return 0;
    }
    if (answer.count(ID) != received || answer.count(CODE) != 0) {
      throw new LoadFailedException("not " + received + " were deleted: " + answer.body());
    }
    int deleted = received;
    received = 0;
    return deleted;
  }

  /** Whether the next request is a {@code ReceiveMessage}. */
  boolean nothingToDelete() {
    return received == 0;
  }

  private int takeHandles(HttpAnswer answer) {
    body.clear().put(begin);
    int count = 0;
    int at = answer.find(HANDLE, answer.bodyStart());
    while (at >= 0) {
      int from = at + HANDLE.length;
      int to = answer.find((byte) '"', from);
      if (to < 0 || count == BATCH) {
        throw new LoadFailedException("not up to ten messages: " + answer.body());
      }
      body.put(entries[count]);
      answer.copy(from, to, body);
      body.put((byte) '"').put((byte) '}');
      count++;
      at = answer.find(HANDLE, to);
    }
    body.put(END);
    return count;
  }
}
