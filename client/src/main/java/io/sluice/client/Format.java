package io.sluice.client;

import java.util.Locale;

/** How the records of a topic travel. */
enum Format {

  /** Each as a message that anybody can read. */
  PLAIN,

  /** Many in one message, for this library only. */
  PACKED;

  /** What the topic's tag says. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
