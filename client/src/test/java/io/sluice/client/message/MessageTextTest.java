package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "\t\r\n ~", "äöü\uD7FF\uE000\uFFFD", "\uD83D\uDE00 \uDBFF\uDFFF"})
  void text_that_Amazon_takes_is_text(String text) {
    assertEquals(text, MessageText.decode(text.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "\u001F", "\uFFFE", "\uFFFF", "\uFFFD\u0001"})
  void other_characters_are_none(String text) {
    assertNull(MessageText.decode(text.getBytes(UTF_8)));
  }

  @Test
  void bytes_that_are_no_UTF_8_are_none_whatever_stands_beside_them() {
    assertNull(MessageText.decode(new byte[] {(byte) 0xC3}));
    assertNull(MessageText.decode(new byte[] {'a', (byte) 0xFF, 'b'}));
    // A half of a pair, in three bytes as a character of its own.
    assertNull(MessageText.decode(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}));
  }

  @Test
  void what_is_text_becomes_the_same_bytes_again() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(6)];
      random.nextBytes(bytes);
      String text = MessageText.decode(bytes);
      if (text != null) {
        assertArrayEquals(bytes, text.getBytes(UTF_8), "seed " + seed);
      }
    }
  }
}
