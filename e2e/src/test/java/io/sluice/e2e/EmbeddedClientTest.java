package io.sluice.e2e;

import io.sluice.client.Services;
import io.sluice.embedded.Sluice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The client library on a Sluice in the same process, without a socket. */
class EmbeddedClientTest extends ClientContract {

  private Sluice sluice;

  @BeforeEach
  void start() {
    sluice = Sluice.embedded();
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Override
  Services services() {
    return Services.shared(sluice.sns(), sluice.sqs(), sluice.sts());
  }
}
