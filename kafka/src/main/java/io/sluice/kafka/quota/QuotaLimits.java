package io.sluice.kafka.quota;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** All quotas of one moment, by who and what they are for. Immutable. */
final class QuotaLimits {

  /** Stands for whoever has no quota of its own. */
  private static final String DEFAULT = "\0";

  /** Stands for everybody. */
  private static final String ANY = "";

  /** Who takes from one quota together: a user, a client id, or one in combination with another. */
  record Holder(String user, String clientId) {}

  /**
   * What holds for one client.
   *
   * @param bytesPerSecond as an average over Kafka's windows
   */
  record Limit(Holder holder, double bytesPerSecond) {}

  private final Map<String, Map<Holder, Double>> limits;

  private QuotaLimits(Map<String, Map<Holder, Double>> limits) {
    this.limits = limits;
  }

  static QuotaLimits of(Map<ClientQuotaEntity, Map<String, Double>> quotas) {
    Map<String, Map<Holder, Double>> limits = new HashMap<>();
    quotas.forEach(
        (entity, values) -> {
          Holder holder =
              new Holder(
                  part(entity, ClientQuotaEntity.USER), part(entity, ClientQuotaEntity.CLIENT_ID));
          values.forEach(
              (key, value) ->
                  limits.computeIfAbsent(key, ignored -> new HashMap<>()).put(holder, value));
        });
    return new QuotaLimits(limits);
  }

  private static String part(ClientQuotaEntity entity, String type) {
    if (!entity.entries().containsKey(type)) {
      return ANY;
    }
    String name = entity.entries().get(type);
    return name == null ? DEFAULT : name;
  }

  /** Whether anybody is limited in that. */
  boolean exist(String key) {
    return limits.containsKey(key);
  }

  /** The most particular quota that a client has, in Kafka's order. */
  Optional<Limit> find(String key, String user, String clientId) {
    Map<Holder, Double> all = limits.getOrDefault(key, Map.of());
    Holder both = new Holder(user, clientId);
    Holder userAlone = new Holder(user, ANY);
    Holder clientAlone = new Holder(ANY, clientId);
    return clientId.isEmpty()
        ? first(all, userAlone, List.of(userAlone, new Holder(DEFAULT, ANY)))
        : first(all, both, List.of(both, new Holder(user, DEFAULT)))
            .or(() -> first(all, userAlone, List.of(userAlone)))
            .or(
                () ->
                    first(
                        all,
                        both,
                        List.of(new Holder(DEFAULT, clientId), new Holder(DEFAULT, DEFAULT))))
            .or(() -> first(all, userAlone, List.of(new Holder(DEFAULT, ANY))))
            .or(() -> first(all, clientAlone, List.of(clientAlone, new Holder(ANY, DEFAULT))));
  }

  private static Optional<Limit> first(
      Map<Holder, Double> all, Holder holder, List<Holder> candidates) {
    return candidates.stream()
        .filter(all::containsKey)
        .findFirst()
        .map(found -> new Limit(holder, all.getOrDefault(found, Double.MAX_VALUE)));
  }
}
