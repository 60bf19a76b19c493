package io.sluice.server;

import io.helidon.common.features.HelidonFeatures;
import io.helidon.common.features.api.HelidonFlavor;
import io.helidon.config.Config;
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
                        .putContractInstance(Config.class, Config.empty())
                        .build())
                .registry());
    // It prints what its jars say of themselves for one flavor only, which this is not.
    HelidonFeatures.flavor(HelidonFlavor.MP);
  }
}
