package io.sluice.client.publish;

import io.sluice.client.message.Attribute;
import io.sluice.client.message.PlainMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A message and how large it is.
 *
 * @param bytes as Amazon counts it ("Publish": body and attributes)
 */
public record MeasuredMessage(PlainMessage content, int bytes) {

  /** A message, measured. */
  public static MeasuredMessage of(PlainMessage content) {
    long bytes = utf8(content.body());
    for (Map.Entry<String, Attribute> attribute : content.attributes().entrySet()) {
      bytes += utf8(attribute.getKey()) + utf8(attribute.getValue().dataType());
      bytes +=
          attribute.getValue() instanceof Attribute.Text text
              ? utf8(text.value())
              : ((Attribute.Bytes) attribute.getValue()).value().length;
    }
    return new MeasuredMessage(content, (int) Math.min(bytes, Integer.MAX_VALUE));
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
