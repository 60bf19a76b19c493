package io.sluice.log;

/** Who appends, which decides what the log checks. */
public enum AppendSource {
  /** A client of any protocol: everything is validated. */
  CLIENT,
  /** A group or transaction coordinator of this broker: control records are allowed. */
  COORDINATOR
}
