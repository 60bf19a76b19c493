package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** An idempotent producer that counts until it is stopped: each number is there once, in order. */
final class Counter implements Runnable {

  private final String address;
  private final AtomicBoolean stop;
  private final List<String> sent = new ArrayList<>();

  Counter(String address, AtomicBoolean stop) {
    this.address = address;
    this.stop = stop;
  }

  /** What it has sent; once its thread has ended. */
  List<String> sent() {
    return sent;
  }

  @Override
  public void run() {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                address,
                CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                3_000),
            new StringSerializer(),
            new StringSerializer())) {
      while (!stop.get()) {
        String number = Integer.toString(sent.size());
        producer.send(new ProducerRecord<>("counter", number));
        sent.add(number);
        if (sent.size() % 100 == 0) {
          producer.flush();
        }
      }
    }
  }
}
