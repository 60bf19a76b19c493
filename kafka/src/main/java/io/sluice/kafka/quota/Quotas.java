package io.sluice.kafka.quota;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareFetchResponse;
import org.apache.kafka.server.config.QuotaConfig;

/**
 * The client quotas of this broker. It enforces those of bytes written and read; a connection that
 * is above its quota is answered at once, told for how long it has to pause, and not read for that
 * time (KIP-219). Costs nothing while there is no quota. Safe for use by many threads.
 */
public final class Quotas {

  private final ClientQuotas quotas;
  private final InstantSource clock;
  private final ByteRates produced = new ByteRates();
  private final ByteRates fetched = new ByteRates();

  /** Those that the metadata journal has. */
  public Quotas(Broker broker) {
    this.quotas = new ClientQuotas(broker.configs());
    this.clock = broker.options().clocks().steady();
  }

  /** The APIs of quotas, for registration. */
  public List<KafkaApi> apis() {
    return List.of(new DescribeClientQuotasApi(quotas), new AlterClientQuotasApi(quotas));
  }

  /**
   * Counts a produce request.
   *
   * @param bytes of the whole request
   * @return for how many milliseconds the client has to pause
   */
  public int produced(RequestContext context, long bytes) {
    return throttleMs(
        QuotaConfig.PRODUCER_BYTE_RATE_OVERRIDE_CONFIG, context, produced, () -> bytes);
  }

  /**
   * Counts the records of a response, if it is one that has any.
   *
   * @return for how many milliseconds the client has to pause
   */
  public int fetched(RequestContext context, AbstractResponse response) {
    return response instanceof FetchResponse || response instanceof ShareFetchResponse
        ? throttleMs(
            QuotaConfig.CONSUMER_BYTE_RATE_OVERRIDE_CONFIG,
            context,
            fetched,
            () -> recordBytes(response))
        : 0;
  }

  private int throttleMs(String key, RequestContext context, ByteRates rates, LongSupplier bytes) {
    QuotaLimits limits = quotas.limits();
    if (!limits.exist(key)) {
      return 0;
    }
    String clientId = context.clientId() == null ? "" : context.clientId();
    return limits
        .find(key, context.principal.getName(), clientId)
        .map(limit -> rates.recordAndGetThrottleMs(limit, bytes.getAsLong(), clock.millis()))
        .orElse(0);
  }

  private static long recordBytes(AbstractResponse response) {
    return switch (response) {
      case FetchResponse fetch ->
          fetch.data().responses().stream()
              .flatMap(topic -> topic.partitions().stream())
              .mapToLong(FetchResponse::recordsSize)
              .sum();
      case ShareFetchResponse fetch ->
          fetch.data().responses().stream()
              .flatMap(topic -> topic.partitions().stream())
              .mapToLong(ShareFetchResponse::recordsSize)
              .sum();
      default -> 0;
    };
  }
}
