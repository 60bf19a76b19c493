package io.sluice.log;

/**
 * Records that are lost: what the disk gives in their place is none of what was written.
 *
 * @param firstOffset the first of them
 * @param nextOffset the first that is whole again
 */
public record DamagedRange(long firstOffset, long nextOffset) {

  boolean contains(long offset) {
    return offset >= firstOffset && offset < nextOffset;
  }

  @Override
  public String toString() {
    return firstOffset + " to " + (nextOffset - 1);
  }
}
