package io.sluice.e2e;

import io.sluice.client.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The client library on an SNS and SQS that is not ours: npm's {@code fauxqs}, in memory. */
class FauxqsClientTest extends ClientContract {

  @TempDir Path folder;
  private FauxqsProcess fauxqs;

  @BeforeEach
  void start() throws IOException {
    fauxqs = FauxqsProcess.start(folder);
  }

  @AfterEach
  void stop() {
    fauxqs.close();
  }

  @Override
  Services services() {
    return Services.of(ClientConfigs.at(fauxqs.endpoint(), "us-east-1"));
  }

  @Override
  Set<Ability> missing() {
    return Set.of(Ability.SEVERAL_OF_A_GROUP, Ability.ARCHIVE);
  }
}
