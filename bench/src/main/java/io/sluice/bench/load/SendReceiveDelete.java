package io.sluice.bench.load;

import java.nio.ByteBuffer;

/**
 * {@code SendMessageBatch} of ten, then {@code ReceiveMessage} of up to ten and {@code
 * DeleteMessageBatch} of what came, and so on: a queue that is kept all but empty. A unit is a
 * message that is deleted.
 */
public final class SendReceiveDelete implements Dialogue {

  private final Repeated send;
  private final ReceiveAndDelete receive;
  private boolean sending = true;

  /** A dialogue with one queue. */
  public SendReceiveDelete(String queueUrl, String message) {
    send = Repeated.send(queueUrl, message, ReceiveAndDelete.BATCH);
    receive = new ReceiveAndDelete(queueUrl);
  }

  @Override
  public ByteBuffer request() {
    return sending ? send.request() : receive.request();
  }

  @Override
  public int answered(HttpAnswer answer) {
    if (sending) {
      send.answered(answer);
      sending = false;
      return 0;
    }
    int deleted = receive.answered(answer);
    sending = receive.nothingToDelete();
    return deleted;
  }
}
