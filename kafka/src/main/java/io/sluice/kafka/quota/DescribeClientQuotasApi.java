package io.sluice.kafka.quota;

import io.sluice.kafka.KafkaApi;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/** DescribeClientQuotas, 0–1 (KIP-546): those that match every component of a filter. */
final class DescribeClientQuotasApi implements KafkaApi {

  private static final Set<String> TYPES =
      Set.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID, ClientQuotaEntity.IP);

  private final ClientQuotas quotas;

  DescribeClientQuotasApi(ClientQuotas quotas) {
    this.quotas = quotas;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    Filter filter = filter(((DescribeClientQuotasRequest) request).data());
    Map<ClientQuotaEntity, Map<String, Double>> matching = new HashMap<>();
    quotas
        .all()
        .forEach(
            (entity, values) -> {
              if (filter.matches(entity.entries())) {
                matching.put(entity, values);
              }
            });
    return DescribeClientQuotasResponse.fromQuotaEntities(matching, 0);
  }

  /**
   * What is asked for.
   *
   * @param exact the names that an entity has; null for the default of a type
   * @param any the types that it has, whatever the name
   * @param strict whether it has no others
   */
  private record Filter(Map<String, @Nullable String> exact, Set<String> any, boolean strict) {

    boolean matches(Map<String, String> entity) {
      return (!strict || entity.size() == exact.size() + any.size())
          && entity.keySet().containsAll(any)
          && exact.entrySet().stream()
              .allMatch(
                  part ->
                      entity.containsKey(part.getKey())
                          && Objects.equals(entity.get(part.getKey()), part.getValue()));
    }
  }

  private static Filter filter(DescribeClientQuotasRequestData asked) {
    Map<String, @Nullable String> exact = new HashMap<>();
    Set<String> any = new HashSet<>();
    for (ComponentData component : asked.components()) {
      String type = component.entityType();
      check(type, exact.containsKey(type) || any.contains(type));
      boolean named = component.match() != null;
      switch (component.matchType()) {
        case DescribeClientQuotasRequest.MATCH_TYPE_EXACT -> {
          checkMatch(named, "MATCH_TYPE_EXACT, but set match string to null.");
          exact.put(type, component.match());
        }
        case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> {
          checkMatch(!named, "MATCH_TYPE_DEFAULT, but also specified a match string.");
          exact.put(type, null);
        }
        case DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED -> {
          checkMatch(!named, "MATCH_TYPE_SPECIFIED, but also specified a match string.");
          any.add(type);
        }
        default -> throw new InvalidRequestException("Unknown match type " + component.matchType());
      }
    }
    Set<String> types = new HashSet<>(any);
    types.addAll(exact.keySet());
    if (types.contains(ClientQuotaEntity.IP) && types.size() > 1) {
      throw new InvalidRequestException(
          "Invalid entity filter component combination. IP filter component should not be used"
              + " with user or clientId filter component.");
    }
    return new Filter(exact, any, asked.strict());
  }

  private static void check(String type, boolean twice) {
    if (type.isEmpty()) {
      throw new InvalidRequestException("Invalid empty entity type.");
    }
    if (twice) {
      throw new InvalidRequestException(
          "Entity type " + type + " cannot appear more than once in the filter.");
    }
    if (!TYPES.contains(type)) {
      throw new UnsupportedVersionException("Unsupported entity type " + type);
    }
  }

  private static void checkMatch(boolean right, String otherwise) {
    if (!right) {
      throw new InvalidRequestException("Request specified " + otherwise);
    }
  }
}
