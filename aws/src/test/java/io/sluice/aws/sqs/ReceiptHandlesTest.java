package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.broker.Receipt;
import io.sluice.broker.RecordPosition;
import java.time.Instant;
import java.util.Base64;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

class ReceiptHandlesTest {

  private static final Uuid QUEUE = Uuid.randomUuid();
  private static final Instant RECEIVED_AT = Instant.ofEpochMilli(1_700_000_000_123L);

  private final ReceiptHandles handles = new ReceiptHandles(new byte[32]);
  private final Receipt receipt =
      new Receipt(new RecordPosition(Uuid.randomUuid(), 70_000, 1L << 40), 5);

  @Test
  void a_handle_gives_back_its_receipt() {
    assertEquals(
        new ReceiptHandles.Handle(receipt, RECEIVED_AT),
        handles.read(QUEUE, handles.write(QUEUE, receipt, RECEIVED_AT)));
  }

  @Test
  void another_attempt_has_another_handle() {
    assertNotEquals(
        handles.write(QUEUE, receipt, RECEIVED_AT),
        handles.write(QUEUE, new Receipt(receipt.position(), receipt.attempt() + 1), RECEIVED_AT));
  }

  @Test
  void not_one_bit_can_be_changed() {
    byte[] handle = Base64.getUrlDecoder().decode(handles.write(QUEUE, receipt, RECEIVED_AT));
    for (int bit = 0; bit < handle.length * 8; bit++) {
      byte[] forged = handle.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertInvalid(QUEUE, Base64.getUrlEncoder().withoutPadding().encodeToString(forged));
    }
  }

  @Test
  void another_broker_s_handle_is_invalid() {
    byte[] otherSecret = new byte[32];
    otherSecret[0] = 1;

    assertInvalid(QUEUE, new ReceiptHandles(otherSecret).write(QUEUE, receipt, RECEIVED_AT));
  }

  @Test
  void another_queue_s_handle_is_invalid() {
    assertInvalid(Uuid.randomUuid(), handles.write(QUEUE, receipt, RECEIVED_AT));
  }

  @Test
  void what_is_no_handle_is_invalid() {
    String handle = handles.write(QUEUE, receipt, RECEIVED_AT);

    assertInvalid(QUEUE, "");
    assertInvalid(QUEUE, "not base64 at all!");
    assertInvalid(QUEUE, "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a");
    assertInvalid(QUEUE, handle.substring(0, handle.length() - 4));
    assertInvalid(QUEUE, handle + "AAAA");
  }

  private void assertInvalid(Uuid queue, String handle) {
    assertThrows(ReceiptHandleIsInvalidException.class, () -> handles.read(queue, handle));
  }
}
