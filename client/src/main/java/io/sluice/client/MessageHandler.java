package io.sluice.client;

/** What an application does with a message. */
@FunctionalInterface
public interface MessageHandler {

  /**
   * Works on a message, which is acknowledged when this returns.
   *
   * @throws Exception it could not: the message goes back to the queue
   */
  void handle(ReceivedMessage message) throws Exception;
}
