package io.sluice.client;

/**
 * What a group has yet to commit of a topic, in messages, as SQS counts them: about, and of a
 * packed topic a message is many records.
 *
 * @param available that wait to be received
 * @param inFlight that members have received
 * @param delayed that wait for their time
 */
public record Backlog(long available, long inFlight, long delayed) {

  /** All of them. */
  public long total() {
    return available + inFlight + delayed;
  }
}
