package io.sluice.aws.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {

  private static final int TEXTS = 20_000;

  /** What texts are made of: what is legal, what is not, and what is next to it. */
  private static final int[] CODE_POINTS = {
    0, 1, 8, '\t', '\n', 0xB, '\r', 0x1F, ' ', '!', '?', '~', 0x7F, 0x80, 0xFF, 0x100, 0xD7FF,
    0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF
  };

  @Test
  void texts_are_legal_when_each_of_their_characters_is() {
    Random random = new Random(20261123);
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      assertEquals(
          text.codePoints().allMatch(MessageTextTest::isLegal),
          MessageText.isLegal(text),
          () -> text.codePoints().boxed().toList().toString());
    }
  }

  @Test
  void bytes_are_the_text_that_was_encoded() {
    Random random = new Random(20261124);
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      boolean isLegal = MessageText.isLegal(text) && !text.isEmpty();
      if (isLegal || text.codePoints().noneMatch(MessageTextTest::isSurrogate)) {
        assertEquals(isLegal ? text : null, MessageText.decode(text.getBytes(UTF_8)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17})
  void one_character_decides_wherever_it_stands(int length) {
    for (int at = 0; at < length; at++) {
      StringBuilder text = new StringBuilder("x".repeat(length));
      text.setCharAt(at, '\n');
      assertTrue(MessageText.isLegal(text.toString()));
      text.setCharAt(at, '\u001F');
      assertFalse(MessageText.isLegal(text.toString()));
      assertNull(MessageText.decode(text.toString().getBytes(UTF_8)));
    }
  }

  private static boolean isLegal(int codePoint) {
    return codePoint == '\t'
        || codePoint == '\n'
        || codePoint == '\r'
        || (codePoint >= 0x20 && codePoint <= 0xD7FF)
        || (codePoint >= 0xE000 && codePoint <= 0xFFFD)
        || codePoint >= 0x10000;
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= 0xD800 && codePoint <= 0xDFFF;
  }

  /** Most of it plain, as most texts are. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    int others = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    for (int i = 0; i < others; i++) {
      int codePoint = CODE_POINTS[random.nextInt(CODE_POINTS.length)];
      text.insert(random.nextInt(text.length() + 1), Character.toString(codePoint));
    }
    return text.toString();
  }
}
