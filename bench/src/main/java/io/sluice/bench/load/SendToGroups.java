package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code SendMessageBatch} of ten to a FIFO queue, again and again, the messages to one group after
 * the other. Each message has a {@code MessageDeduplicationId} of its own: numbers of a fixed
 * length, which are written into the bytes of one request. A unit is a message that is taken.
 */
public final class SendToGroups implements Dialogue {

  static final int BATCH = 10;

  private static final int DIGITS = 12;
  private static final String NUMBER = "0".repeat(DIGITS);
  private static final byte[] ID = "\"MessageId\"".getBytes(UTF_8);

  private final int groups;
  private final AtomicLong next;
  private final ByteBuffer request;
  private final int[] groupsAt = new int[BATCH];
  private final int[] idsAt = new int[BATCH];

  private SendToGroups(String queueUrl, String message, int groups, AtomicLong next) {
    this.groups = groups;
    this.next = next;
    StringBuilder json = new StringBuilder("{\"QueueUrl\":\"" + queueUrl + "\",\"Entries\":[");
    for (int entry = 0; entry < BATCH; entry++) {
      json.append(entry == 0 ? "" : ",")
          .append("{\"Id\":\"%d\",\"MessageBody\":\"%s\"".formatted(entry, message))
          .append(",\"MessageGroupId\":\"");
      groupsAt[entry] = json.length();
      json.append(NUMBER).append("\",\"MessageDeduplicationId\":\"");
      idsAt[entry] = json.length();
      json.append(NUMBER).append("\"}");
    }
    json.append("]}");
    request = AwsRequest.sqs("SendMessageBatch", json.toString());
    int bodyAt = request.limit() - json.length();
    for (int entry = 0; entry < BATCH; entry++) {
      groupsAt[entry] += bodyAt;
      idsAt[entry] += bodyAt;
    }
  }

  /**
   * Dialogues with one queue that has got nothing yet. They share the numbers, so that no two
   * messages are the same to it.
   *
   * @param message ASCII
   * @param groups how many there are
   */
  public static Supplier<SendToGroups> of(String queueUrl, String message, int groups) {
    AtomicLong next = new AtomicLong();
    return () -> new SendToGroups(queueUrl, message, groups, next);
  }

  @Override
  public ByteBuffer request() {
    for (int entry = 0; entry < BATCH; entry++) {
      long number = next.getAndIncrement();
      putNumber(groupsAt[entry], number % groups);
      putNumber(idsAt[entry], number);
    }
    return request.rewind();
  }

  private void putNumber(int at, long number) {
    long rest = number;
    for (int digit = at + DIGITS - 1; digit >= at; digit--) {
      request.put(digit, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }

  @Override
  public int answered(HttpAnswer answer) {
    if (answer.count(ID) != BATCH) {
      throw new LoadFailedException("not " + BATCH + " messages were taken: " + answer.body());
    }
    return BATCH;
  }
}
