package io.sluice.log;

import org.apache.kafka.storage.internals.log.AppendOrigin;

/** Who appends, which decides what the log checks. */
public enum AppendSource {
  /** A client of any protocol: everything is validated. */
  CLIENT(AppendOrigin.CLIENT),
  /** A group or transaction coordinator of this broker: control records are allowed. */
  COORDINATOR(AppendOrigin.COORDINATOR);

  private final AppendOrigin origin;

  AppendSource(AppendOrigin origin) {
    this.origin = origin;
  }

  AppendOrigin origin() {
    return origin;
  }
}
