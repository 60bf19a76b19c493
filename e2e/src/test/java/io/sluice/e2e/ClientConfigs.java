package io.sluice.e2e;

import io.sluice.client.ServiceConfig;
import java.util.Map;

/** Settings of the client library for a server that lets everybody in. */
final class ClientConfigs {

  private ClientConfigs() {}

  static Map<String, Object> at(String endpoint, String region) {
    return Map.of(
        ServiceConfig.ENDPOINT,
        endpoint,
        ServiceConfig.REGION,
        region,
        ServiceConfig.ACCESS_KEY_ID,
        "any",
        ServiceConfig.SECRET_ACCESS_KEY,
        "any");
  }
}
