package io.sluice.bench.load;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer of small records that does not linger ({@code linger.ms=0}) and otherwise has its
 * defaults. Owned by one thread.
 */
final class SmallRecords implements AutoCloseable {

  /** The size of each record's value. */
  static final int BYTES = 100;

  private final KafkaProducer<byte[], byte[]> producer;
  private final ProducerRecord<byte[], byte[]> record;

  SmallRecords(String bootstrap, String topic) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.LINGER_MS_CONFIG,
                0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    record = new ProducerRecord<>(topic, new byte[BYTES]);
  }

  /** Sends one; the future is its acknowledgement. */
  Future<RecordMetadata> send() {
    return producer.send(record);
  }

  @Override
  public void close() {
    producer.close();
  }
}
