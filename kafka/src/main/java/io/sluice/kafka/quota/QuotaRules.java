package io.sluice.kafka.quota;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.server.config.QuotaConfig;
import org.jspecify.annotations.Nullable;

/** What Kafka's controller demands of a quota before it keeps it. */
final class QuotaRules {

  private static final Set<String> TYPES =
      Set.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID, ClientQuotaEntity.IP);

  /** A greater rest of a whole number is a fraction. */
  private static final double EPSILON = 1e-6;

  private QuotaRules() {}

  /**
   * Checks a change of one entity's quotas.
   *
   * @param changes by their keys; null removes a quota
   * @throws InvalidRequestException what is wrong with it
   */
  static void check(ClientQuotaEntity entity, Map<String, Double> changes) {
    Map<String, ConfigDef.ConfigKey> keys = keys(entity.entries());
    changes.forEach(
        (key, value) -> {
          if (value != null) {
            checkValue(keys.get(key), key, value);
          }
        });
  }

  private static Map<String, ConfigDef.ConfigKey> keys(Map<String, String> entity) {
    if (entity.isEmpty()) {
      throw new InvalidRequestException("Invalid empty client quota entity");
    }
    entity.forEach(
        (type, name) -> {
          if (!TYPES.contains(type)) {
            throw new InvalidRequestException("Unhandled client quota entity type: " + type);
          }
          if (name != null && name.isEmpty()) {
            throw new InvalidRequestException("Empty " + type + " not supported");
          }
        });
    if (!entity.containsKey(ClientQuotaEntity.IP)) {
      return QuotaConfig.userAndClientQuotaConfigs().configKeys();
    }
    if (entity.size() > 1) {
      throw new InvalidRequestException(
          "Invalid quota entity combination, IP entity should not be combined with User or"
              + " ClientId");
    }
    checkIp(entity.get(ClientQuotaEntity.IP));
    return QuotaConfig.ipConfigs().configKeys();
  }

  private static void checkIp(@Nullable String ip) {
    if (ip != null) {
      try {
        InetAddress.getByName(ip);
      } catch (UnknownHostException e) {
        throw new InvalidRequestException(ip + " is not a valid IP or resolvable host.", e);
      }
    }
  }

  private static void checkValue(ConfigDef.@Nullable ConfigKey known, String key, double value) {
    if (known == null) {
      throw new InvalidRequestException("Invalid configuration key " + key);
    }
    if (!(value > 0)) {
      throw new InvalidRequestException("Quota " + key + " must be greater than 0");
    }
    if (known.type != ConfigDef.Type.DOUBLE) {
      double most = known.type == ConfigDef.Type.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
      if (value > most) {
        throw new InvalidRequestException(
            "Proposed value for " + key + " is too large for a " + known.type + ".");
      }
      if (Math.abs(value % 1.0) > EPSILON) {
        throw new InvalidRequestException(key + " cannot be a fractional value.");
      }
    }
  }
}
