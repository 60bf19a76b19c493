package io.sluice.e2e;

import io.sluice.client.Services;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The client library on a Sluice process. */
class SluiceClientTest extends ClientContract {

  @TempDir Path folder;
  private SluiceProcess sluice;

  @BeforeEach
  void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Override
  Services services() {
    return Services.of(ClientConfigs.at(sluice.process().aws(), "eu-central-1"));
  }
}
