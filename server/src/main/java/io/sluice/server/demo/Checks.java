package io.sluice.server.demo;

import java.io.PrintStream;

/** Counts what held and what did not, and says so line by line. Owned by one thread. */
final class Checks {

  private final PrintStream out;
  private int failed;
  private int made;

  Checks(PrintStream out) {
    this.out = out;
  }

  /** Notes and prints one check. */
  void that(boolean holds, String what) {
    made++;
    if (!holds) {
      failed++;
    }
    out.println((holds ? "  ok      " : "  FAILED  ") + what);
  }

  /** Whether every check so far held, and there was one. */
  boolean allHold() {
    return failed == 0 && made > 0;
  }

  /** One sentence with the counts. */
  String summary() {
    return made - failed + " of " + made + " checks hold";
  }
}
