package io.sluice.server.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Publishes orders, half through SNS and half through Kafka: a customer's orders take turns between
 * the two doors, each acknowledged before the next, so that their order is known. Safe for use by
 * many threads.
 */
final class Shop {

  /** One customer's counter; a customer's orders are published by one thread at a time. */
  private static final class Customer {
    private final String name;
    private int published;

    Customer(String name) {
      this.name = name;
    }
  }

  private static final int CUSTOMERS = 48;
  private static final int CLERKS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SnsClient sns;
  private final Producer<String, String> producer;
  private final String topic;
  private final String topicArn;
  private final List<Customer> customers = new ArrayList<>();
  private final AtomicInteger nextId = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger throughSns = new AtomicInteger();
  private final AtomicInteger throughKafka = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();

  Shop(SnsClient sns, Producer<String, String> producer, String topic, String topicArn) {
    this.sns = sns;
    this.producer = producer;
    this.topic = topic;
    this.topicArn = topicArn;
    for (int i = 0; i < CUSTOMERS; i++) {
      customers.add(new Customer("customer-" + i));
    }
  }

  /** Ids of the orders that the broker has acknowledged. */
  Set<Integer> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  int acknowledgedCount() {
    return acknowledged.size();
  }

  int throughSns() {
    return throughSns.get();
  }

  int throughKafka() {
    return throughKafka.get();
  }

  /** How often a publish failed and was tried again. */
  int retried() {
    return retried.get();
  }

  /** Publishes {@code count} orders and returns when all are acknowledged. */
  void publish(int count) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(count);
    List<Thread> clerks = new ArrayList<>();
    List<RuntimeException> failures = new ArrayList<>();
    for (int clerk = 0; clerk < CLERKS; clerk++) {
      int first = clerk;
      clerks.add(
          Thread.ofVirtual()
              .name("clerk-" + clerk)
              .start(
                  () -> {
                    try {
                      serve(first, left);
                    } catch (RuntimeException e) {
                      synchronized (failures) {
                        failures.add(e);
                      }
                    }
                  }));
    }
    for (Thread clerk : clerks) {
      clerk.join();
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        throw failures.getFirst();
      }
    }
  }

  private void serve(int firstCustomer, AtomicInteger left) {
    int turn = firstCustomer;
    while (left.getAndDecrement() > 0) {
      Customer customer = customers.get(turn);
      Order order = new Order(nextId.getAndIncrement(), customer.name, customer.published++);
      boolean viaSns = order.sequence() % 2 == 0;
      publishUntilAcknowledged(order, viaSns);
      (viaSns ? throughSns : throughKafka).incrementAndGet();
      acknowledged.add(order.id());
      turn = (turn + CLERKS) % CUSTOMERS;
    }
  }

  private void publishUntilAcknowledged(Order order, boolean viaSns) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (viaSns) {
          sns.publish(
              request ->
                  request
                      .topicArn(topicArn)
                      .messageGroupId(order.customer())
                      .message(order.toJson()));
        } else {
          producer.send(new ProducerRecord<>(topic, order.customer(), order.toJson())).get();
        }
        return;
      } catch (SdkException | ExecutionException | KafkaException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("order " + order.id() + " was never acknowledged", e);
        }
        retried.incrementAndGet();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while publishing order " + order.id(), e);
      }
    }
  }
}
