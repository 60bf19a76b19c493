package io.sluice.broker;

/** What a receipt is still worth. */
public enum ReceiptStanding {
  /** The message is in flight under this receipt. */
  IN_FLIGHT,

  /** The message is there, but available again, or in flight under another receipt. */
  EXPIRED,

  /** There is no such message any more: it was acknowledged, or its time is over. */
  GONE
}
