package io.sluice.log;

/** When a write counts as durable. */
public enum Durability {
  /** After {@code fdatasync}: survives a power loss. */
  FSYNC,
  /** Once the operating system has it: survives the process, not the machine. */
  OS
}
