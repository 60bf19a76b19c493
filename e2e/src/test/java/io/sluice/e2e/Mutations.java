package io.sluice.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes requests that are almost right out of requests that are right. Owned by one thread. */
final class Mutations {

  private static final int MOST_STEPS = 4;
  private static final int MOST_BYTES = 1 << 20;
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32_767,
    32_768,
    65_535,
    65_536,
    1 << 20,
    100_000_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> TEXTS =
      List.of("\0", "\r\n", "\"", "{", "[[[[", "}", "&", "%00", "%zz", "\u00fc", "null", "1e999");

  private final RandomGenerator random;
  private final List<byte[]> corpus;

  Mutations(RandomGenerator random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  /** Any of the corpus; one in ten as it is. */
  byte[] next() {
    byte[] mutated = any();
    if (random.nextInt(10) > 0) {
      int steps = 1 + random.nextInt(MOST_STEPS);
      for (int i = 0; i < steps && mutated.length > 0; i++) {
        mutated = step(mutated);
      }
    }
    return mutated.length > MOST_BYTES ? Arrays.copyOf(mutated, MOST_BYTES) : mutated;
  }

  private byte[] any() {
    return corpus.get(random.nextInt(corpus.size())).clone();
  }

  private byte[] step(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int end = at + random.nextInt(Math.min(bytes.length - at, 64) + 1);
    return switch (random.nextInt(10)) {
      case 0 -> flipped(bytes, at);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> join(Arrays.copyOf(bytes, at), from(bytes, end));
      case 3 -> join(Arrays.copyOf(bytes, end), from(bytes, at));
      case 4 -> repeated(bytes, at, end);
      case 5 -> join(Arrays.copyOf(bytes, at), some(), from(bytes, at));
      case 6 -> spliced(bytes, at);
      case 7 ->
          join(Arrays.copyOf(bytes, at), text(), from(bytes, random.nextBoolean() ? at : end));
      case 8 -> digits(bytes, at);
      default -> number(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private byte[] repeated(byte[] bytes, int at, int end) {
    byte[] part = Arrays.copyOfRange(bytes, at, end);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    int times = 1 + random.nextInt(random.nextInt(10) == 0 ? 4_000 : 20);
    for (int i = 0; i < times; i++) {
      many.writeBytes(part);
    }
    return join(Arrays.copyOf(bytes, at), many.toByteArray(), from(bytes, at));
  }

  private byte[] some() {
    byte[] some = new byte[1 + random.nextInt(16)];
    random.nextBytes(some);
    return some;
  }

  private byte[] spliced(byte[] bytes, int at) {
    byte[] other = any();
    return join(Arrays.copyOf(bytes, at), from(other, random.nextInt(other.length)));
  }

  private byte[] text() {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return text.repeat(1 + random.nextInt(3)).getBytes(StandardCharsets.UTF_8);
  }

  /** The next number that is written as text becomes another. */
  private byte[] digits(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && !Character.isDigit(bytes[at])) {
      at++;
    }
    int end = at;
    while (end < bytes.length && Character.isDigit(bytes[end])) {
      end++;
    }
    byte[] other =
        Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]).getBytes(StandardCharsets.UTF_8);
    return at == bytes.length ? bytes : join(Arrays.copyOf(bytes, at), other, from(bytes, end));
  }

  private byte[] number(byte[] bytes, int at) {
    byte[] number =
        ByteBuffer.allocate(Long.BYTES).putLong(0, NUMBERS[random.nextInt(NUMBERS.length)]).array();
    int size = Math.min(1 << random.nextInt(4), bytes.length - at);
    System.arraycopy(number, Long.BYTES - size, bytes, at, size);
    return bytes;
  }

  private static byte[] from(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, Math.min(at, bytes.length), bytes.length);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
