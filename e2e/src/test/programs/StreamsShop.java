import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;

/**
 * An application of Kafka Streams with exactly-once: counts the words of topic {@code lines} into
 * topic {@code words}, and joins the topics {@code orders} and {@code payments} by key, within ten
 * minutes, into {@code paid}. Runs until it is killed.
 *
 * <p>usage: StreamsShop KAFKA_HOST:PORT STATE_FOLDER PROTOCOL
 */
final class StreamsShop {

  public static void main(String[] arguments) {
    Properties configs = new Properties();
    configs.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    configs.put(StreamsConfig.STATE_DIR_CONFIG, arguments[1]);
    configs.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, arguments[2]);
    configs.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-shop");
    configs.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    configs.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    configs.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    configs.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    configs.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    configs.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
    configs.put(StreamsConfig.producerPrefix("reconnect.backoff.max.ms"), 200);
    if (arguments[2].equals("classic")) {
      // One that was killed is missed soon.
      configs.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
      configs.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
    }
    StreamsBuilder builder = new StreamsBuilder();
    countWords(builder);
    joinPayments(builder);
    KafkaStreams streams = new KafkaStreams(builder.build(), configs);
    streams.setUncaughtExceptionHandler(
        e -> {
          e.printStackTrace();
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
  }

  private static void countWords(StreamsBuilder builder) {
    builder.<String, String>stream("lines")
        .groupBy((key, word) -> word)
        .count(Materialized.as("counts"))
        .toStream()
        .mapValues(count -> Long.toString(count))
        .to("words");
  }

  private static void joinPayments(StreamsBuilder builder) {
    KStream<String, String> payments = builder.stream("payments");
    builder.<String, String>stream("orders")
        .join(
            payments,
            (order, payment) -> order + "+" + payment,
            JoinWindows.ofTimeDifferenceAndGrace(Duration.ofMinutes(10), Duration.ofMinutes(10)))
        .to("paid");
  }
}
