package io.sluice.bench.cost;

import java.util.List;

/** A way to publish records of a plain topic, and to receive and delete them. */
public interface PlainWork {

  /** What a record has in it, ready to be sent. */
  record Item(String key, String value) {}

  /** What the tables call it. */
  String name();

  /** Publishes everything and waits until it is done. */
  void publish(AmazonClients clients, String topic, List<Item> records) throws Exception;

  /** Receives and deletes as much. */
  void read(AmazonClients clients, String topic, String group, int records) throws Exception;
}
