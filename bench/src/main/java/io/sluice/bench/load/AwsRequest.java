package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Requests as AWS SDKs send them, whole: SQS in the JSON protocol, SNS in the Query protocol. They
 * are not signed, which none of the systems demands.
 */
final class AwsRequest {

  private static final byte[] BODY_FOLLOWS = "\r\n\r\n".getBytes(US_ASCII);

  private AwsRequest() {}

  /** Everything before the value of {@code Content-Length}, for an action of SQS. */
  static byte[] sqsHead(String action) {
    return ("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\n"
            + "X-Amz-Target: AmazonSQS."
            + action
            + "\r\nContent-Length: ")
        .getBytes(US_ASCII);
  }

  /** A request to SQS. */
  static ByteBuffer sqs(String action, String json) {
    return whole(sqsHead(action), json);
  }

  /** A request to SNS, with its parameters as a form. */
  static ByteBuffer sns(String form) {
    String head =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
    return whole(head.getBytes(US_ASCII), form);
  }

  /** Appends the value of {@code Content-Length} and the end of the head. */
  static void putLength(ByteBuffer request, int length) {
    request.put(Integer.toString(length).getBytes(US_ASCII)).put(BODY_FOLLOWS);
  }

  private static ByteBuffer whole(byte[] head, String text) {
    byte[] body = text.getBytes(UTF_8);
    ByteBuffer request = ByteBuffer.allocateDirect(head.length + 16 + body.length);
    request.put(head);
    putLength(request, body.length);
    return request.put(body).flip();
  }
}
