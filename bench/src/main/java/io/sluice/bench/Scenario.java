package io.sluice.bench;

/** Something that is measured, by a name that {@code sluice bench} takes. */
public interface Scenario {

  /** Its name on the command line. */
  String name();

  /** What it does and how to read its tables, in a sentence or three of Markdown. */
  String explanation();

  /** Whether a quick run of everything includes it. */
  default boolean isQuick() {
    return true;
  }

  /** Measures, and tells {@code bench} what it finds. */
  void run(BenchRun bench) throws Exception;
}
