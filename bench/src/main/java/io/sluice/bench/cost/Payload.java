package io.sluice.bench.cost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** What records have in them: always the same ones for a number, and each with its number. */
public enum Payload {
  /**
   * An order as JSON: names that repeat in every one, and ids, amounts and a note of random words
   * that do not.
   */
  EVENT("business events (JSON)") {
    @Override
    public byte[] of(int number) {
      SplittableRandom random = new SplittableRandom(number);
      StringBuilder text = new StringBuilder(BYTES);
      text.append(
          String.format(
              Locale.ROOT,
              "{\"number\":\"%09d\",\"id\":\"%s\",\"type\":\"OrderPlaced\",\"version\":3,"
                  + "\"at\":\"2026-11-23T%02d:%02d:%02d.%03dZ\",\"customer\":\"%s\","
                  + "\"currency\":\"EUR\",\"lines\":[",
              number,
              new UUID(random.nextLong(), random.nextLong()),
              random.nextInt(24),
              random.nextInt(60),
              random.nextInt(60),
              random.nextInt(1000),
              customer(number)));
      for (int line = random.nextInt(1, 5); line > 0; line--) {
        text.append(
            String.format(
                Locale.ROOT,
                "{\"sku\":\"%010d\",\"quantity\":%d,\"price\":%d.%02d,\"warehouse\":\"%s\"},",
                random.nextLong(10_000_000_000L),
                random.nextInt(1, 20),
                random.nextInt(1, 500),
                random.nextInt(100),
                WAREHOUSES[random.nextInt(WAREHOUSES.length)]));
      }
      text.setLength(text.length() - 1);
      text.append("],\"trace\":\"");
      text.append(String.format("%016x%016x", random.nextLong(), random.nextLong()));
      text.append("\",\"note\":\"");
      while (text.length() < BYTES - 2) {
        word(text, random.nextInt(WORDS));
      }
      text.setLength(BYTES - 2);
      return text.append("\"}").toString().getBytes(US_ASCII);
    }

    @Override
    public int number(byte[] record) {
      return Integer.parseInt(new String(record, NUMBER_AT, NUMBER_DIGITS, US_ASCII));
    }
  },
  /** Bytes that nothing makes smaller. */
  NOISE("random bytes") {
    @Override
    public byte[] of(int number) {
      byte[] record = new byte[BYTES];
      new SplittableRandom(number).nextBytes(record);
      ByteBuffer.wrap(record).putInt(number);
      return record;
    }

    @Override
    public int number(byte[] record) {
      return ByteBuffer.wrap(record).getInt();
    }
  };

  /** How large each is. */
  public static final int BYTES = 1024;

  private static final int CUSTOMERS = 10_000;
  private static final int WORDS = 2000;
  private static final int NUMBER_AT = "{\"number\":\"".length();
  private static final int NUMBER_DIGITS = 9;
  private static final String[] WAREHOUSES = {"Hamburg", "Leipzig", "Lyon", "Rotterdam"};

  private final String title;

  Payload(String title) {
    this.title = title;
  }

  /** What the tables call it. */
  public String title() {
    return title;
  }

  /** The record of a number. */
  public abstract byte[] of(int number);

  /** The number of a record. */
  public abstract int number(byte[] record);

  /** The key of a record: one of 10,000 customers. */
  public static String customer(int number) {
    int customer = new SplittableRandom(-1L - number).nextInt(CUSTOMERS);
    return String.format("customer-%05d", customer);
  }

  /** A word of three to nine letters, the same one for a number, and a space. */
  private static void word(StringBuilder text, int which) {
    SplittableRandom letters = new SplittableRandom(which);
    for (int left = letters.nextInt(3, 10); left > 0; left--) {
      text.append((char) ('a' + letters.nextInt(26)));
    }
    text.append(' ');
  }
}
