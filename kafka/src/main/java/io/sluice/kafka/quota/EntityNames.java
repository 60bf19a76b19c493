package io.sluice.kafka.quota;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/**
 * Who a quota is for, as one name in the metadata journal: {@code client-id=app&user} is the client
 * id {@code app} of any user that has no quota of its own.
 */
final class EntityNames {

  private EntityNames() {}

  static String name(ClientQuotaEntity entity) {
    return new TreeMap<>(entity.entries())
        .entrySet().stream()
            .map(
                part ->
                    part.getValue() == null
                        ? part.getKey()
                        : part.getKey()
                            + "="
                            + URLEncoder.encode(part.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
  }

  static ClientQuotaEntity entity(String name) {
    Map<String, String> parts = new HashMap<>();
    for (String part : name.split("&", -1)) {
      int end = part.indexOf('=');
      parts.put(
          end < 0 ? part : part.substring(0, end),
          end < 0 ? null : URLDecoder.decode(part.substring(end + 1), StandardCharsets.UTF_8));
    }
    return new ClientQuotaEntity(parts);
  }
}
