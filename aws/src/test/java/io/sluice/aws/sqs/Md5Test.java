package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.aws.message.MessageAttribute;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/** Against digests that Amazon returned. */
class Md5Test {

  @Test
  void of_a_body() {
    assertEquals("098f6bcd4621d373cade4e832627b4f6", Md5.of("test"));
  }

  @Test
  void of_text_attributes() {
    assertEquals(
        "4c360f3fdafd970e05fae2f149d997f5",
        md5(
            Map.of(
                "Help.Me", MessageAttribute.string("Me"),
                "Hello", MessageAttribute.string("There"),
                "General", MessageAttribute.string("Kenobi"))));
    assertEquals(
        "a311262e065454b75da111d535b8dacd", md5(Map.of("Hello", MessageAttribute.string("There"))));
  }

  @Test
  void of_a_number() {
    assertEquals(
        "d302007e9aa062660afc85fd0a482472",
        md5(Map.of("attr1", new MessageAttribute.Text("Number", "99.12"))));
  }

  @Test
  void of_bytes() {
    byte[] value =
        "traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01".getBytes(UTF_8);
    assertEquals(
        "8cbe4db156db8a94db8b801b7addb984",
        md5(Map.of("attr1", new MessageAttribute.Bytes("Binary", SdkBytes.fromByteArray(value)))));
  }

  private static String md5(Map<String, MessageAttribute> attributes) {
    return Md5.of(new TreeMap<>(attributes));
  }
}
