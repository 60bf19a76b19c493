package io.sluice.aws;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Fills classes of the SDK with random values, every field of them, from the SDK's metadata. */
final class RandomPojos {

  /** Characters that each protocol must escape, and some beyond ASCII and the basic plane. */
  private static final String[] CHARACTERS = {
    "a",
    "Z",
    "7",
    " ",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "\\",
    "/",
    "+",
    "%",
    "=",
    ".",
    "\n",
    "\r",
    "\t",
    "é",
    "ß",
    "漢",
    "\uFFFD",
    "\uD83D\uDE00"
  };

  private final Random random;

  RandomPojos(long seed) {
    this.random = new Random(seed);
  }

  SdkPojo fill(SdkPojo builder) {
    for (SdkField<?> field : builder.sdkFields()) {
      field.set(builder, value(field));
    }
    return (SdkPojo) ((Buildable) builder).build();
  }

  private Object value(SdkField<?> field) {
    return switch (field.marshallingType().getKnownType()) {
      case STRING -> text(1 + random.nextInt(20));
      case INTEGER -> random.nextInt();
      case LONG -> random.nextLong();
      case SHORT -> (short) random.nextInt();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case BIG_DECIMAL -> BigDecimal.valueOf(random.nextInt(), 3);
      case BOOLEAN -> random.nextBoolean();
      case INSTANT -> Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
      case SDK_BYTES -> bytes();
      case SDK_POJO -> fill(field.constructor().get());
      case LIST -> list(field.getTrait(ListTrait.class).memberFieldInfo());
      case MAP -> map(field.getTrait(MapTrait.class).valueFieldInfo());
      default -> throw new IllegalArgumentException(field.memberName());
    };
  }

  private SdkBytes bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return SdkBytes.fromByteArray(bytes);
  }

  private List<Object> list(SdkField<?> element) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(11) + 1; i > 0; i--) {
      list.add(value(element));
    }
    return list;
  }

  private Map<String, Object> map(SdkField<?> value) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(11) + 1; i > 0; i--) {
      map.put(text(8), value(value));
    }
    return map;
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }
}
