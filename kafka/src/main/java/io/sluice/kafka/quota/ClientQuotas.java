package io.sluice.kafka.quota;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.ApiError;

/** The quotas of the metadata journal. Safe for use by many threads. */
final class ClientQuotas {

  private final Configs configs;

  /** Held from reading a quota to writing it, so that no change undoes another. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile QuotaLimits limits;

  ClientQuotas(Configs configs) {
    this.configs = configs;
    this.limits = QuotaLimits.of(all());
    configs.addListener(ConfigKind.CLIENT_QUOTA, name -> limits = QuotaLimits.of(all()));
  }

  QuotaLimits limits() {
    return limits;
  }

  /** Every entity that has quotas, with these. */
  Map<ClientQuotaEntity, Map<String, Double>> all() {
    Map<ClientQuotaEntity, Map<String, Double>> all = new LinkedHashMap<>();
    for (String name : configs.names(ConfigKind.CLIENT_QUOTA)) {
      all.put(EntityNames.entity(name), of(name));
    }
    return all;
  }

  private Map<String, Double> of(String name) {
    Map<String, Double> values = new TreeMap<>();
    configs
        .of(ConfigKind.CLIENT_QUOTA, name)
        .forEach((key, value) -> values.put(key, Double.valueOf(value)));
    return values;
  }

  /** Makes each alteration that is valid, and says how each went. */
  Map<ClientQuotaEntity, ApiError> alter(
      Collection<ClientQuotaAlteration> alterations, boolean validateOnly) {
    Map<ClientQuotaEntity, ApiError> outcomes = new LinkedHashMap<>();
    for (ClientQuotaAlteration alteration : alterations) {
      ApiError outcome;
      try {
        if (outcomes.containsKey(alteration.entity())) {
          throw new InvalidRequestException("Ignoring duplicate entity " + alteration.entity());
        }
        alter(alteration, validateOnly);
        outcome = ApiError.NONE;
      } catch (RuntimeException e) {
        outcome = ApiError.fromThrowable(e);
      }
      outcomes.put(alteration.entity(), outcome);
    }
    return outcomes;
  }

  private void alter(ClientQuotaAlteration alteration, boolean validateOnly) {
    Map<String, Double> changes = new HashMap<>();
    for (ClientQuotaAlteration.Op op : alteration.ops()) {
      if (changes.containsKey(op.key())) {
        throw new InvalidRequestException("Duplicate quota key " + op.key());
      }
      changes.put(op.key(), op.value());
    }
    QuotaRules.check(alteration.entity(), changes);
    if (validateOnly) {
      return;
    }
    String name = EntityNames.name(alteration.entity());
    lock.lock();
    try {
      Map<String, String> values = new TreeMap<>(configs.of(ConfigKind.CLIENT_QUOTA, name));
      changes.forEach(
          (key, value) -> {
            if (value == null) {
              values.remove(key);
            } else {
              values.put(key, value.toString());
            }
          });
      configs.replace(ConfigKind.CLIENT_QUOTA, name, values);
    } finally {
      lock.unlock();
    }
  }
}
