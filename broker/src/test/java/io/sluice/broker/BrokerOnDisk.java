package io.sluice.broker;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker in a folder of its own for each test, with a clock that the test moves: a field with
 * {@code @RegisterExtension}, open before the first {@code @BeforeEach} and until the last
 * {@code @AfterEach} is done.
 */
final class BrokerOnDisk implements BeforeEachCallback, AfterEachCallback {

  private final FakeClock clock = new FakeClock();
  private final LogStoreOptions logOptions;
  private final BrokerOptions brokerOptions;
  private Path folder;
  private DiskLogStore log;
  private Broker broker;

  BrokerOnDisk() {
    this(LogStoreOptions.defaults(), BrokerOptions.defaults());
  }

  /** One with these options, but for the clock. */
  BrokerOnDisk(LogStoreOptions logOptions, BrokerOptions brokerOptions) {
    this.logOptions = logOptions;
    this.brokerOptions = brokerOptions.withClock(clock);
  }

  Broker broker() {
    return broker;
  }

  DiskLogStore log() {
    return log;
  }

  FakeClock clock() {
    return clock;
  }

  /** Ends it and opens it again from what is on disk. */
  void reopen() {
    close();
    open();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("broker");
    open();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    close();
    Utils.delete(folder.toFile());
  }

  private void open() {
    log = DiskLogStore.open(folder, logOptions);
    broker = Broker.open(log, folder, brokerOptions);
  }

  private void close() {
    broker.close();
    log.close();
  }
}
