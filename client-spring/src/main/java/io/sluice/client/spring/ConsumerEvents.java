package io.sluice.client.spring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;

/** Tells a factory's listeners of a consumer and, when it is closed, that it is gone. */
final class ConsumerEvents<K, V> implements InvocationHandler {

  private final Consumer<K, V> consumer;
  private final String id;
  private final List<ConsumerFactory.Listener<K, V>> listeners;

  private ConsumerEvents(
      Consumer<K, V> consumer, String id, List<ConsumerFactory.Listener<K, V>> listeners) {
    this.consumer = consumer;
    this.id = id;
    this.listeners = listeners;
  }

  /**
   * The consumer that listeners know.
   *
   * @param factory the name of the factory's bean
   */
  static <K, V> Consumer<K, V> tell(
      Consumer<K, V> consumer, String factory, List<ConsumerFactory.Listener<K, V>> listeners) {
    // Spring Kafka's way to name them: the bean, and the client.id that the metrics have.
    String clientId =
        consumer.metrics().keySet().stream()
            .map(MetricName::tags)
            .filter(tags -> tags.containsKey("client-id"))
            .map(tags -> tags.get("client-id"))
            .findFirst()
            .orElse("unknown");
    ConsumerEvents<K, V> events =
        new ConsumerEvents<>(consumer, factory + "." + clientId, List.copyOf(listeners));
    @SuppressWarnings("unchecked") // that is the interface
    Consumer<K, V> known =
        (Consumer<K, V>)
            Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, events);
    events.listeners.forEach(listener -> listener.consumerAdded(events.id, known));
    return known;
  }

  @Override
  @SuppressWarnings("unchecked")
  public @Nullable Object invoke(Object known, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object result;
    try {
      result = method.invoke(consumer, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
    if (method.getName().equals("close")) {
      listeners.forEach(listener -> listener.consumerRemoved(id, (Consumer<K, V>) known));
    }
    return result;
  }
}
