package io.sluice.server;

import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;

/** What Helidon may find by itself: nothing. */
final class HelidonServices {

  private HelidonServices() {}

  /**
   * Gives the process a registry without discovery, which would look through every jar for
   * extensions and for configuration files; both doors are configured in code.
   */
  static void discoverNothing() {
    GlobalServiceRegistry.registry(
        () ->
            ServiceRegistryManager.create(
                    ServiceRegistryConfig.builder()
                        .discoverServices(false)
                        .discoverServicesFromServiceLoader(false)
                        .build())
                .registry());
  }
}
