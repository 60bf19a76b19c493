package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path path;

  @Test
  void a_clean_shutdown_is_said_once() throws IOException {
    try (DataDirectory directory = DataDirectory.lock(path)) {
      assertFalse(directory.takeCleanShutdown());

      directory.markCleanShutdown();

      assertTrue(directory.takeCleanShutdown());
      assertFalse(directory.takeCleanShutdown());
    }
  }

  @Test
  void a_clean_shutdown_is_said_as_kafka_says_it() throws Exception {
    CleanShutdownFileHandler kafka = new CleanShutdownFileHandler(path.toString());
    try (DataDirectory directory = DataDirectory.lock(path)) {
      directory.markCleanShutdown();

      assertEquals(OptionalLong.of(0), kafka.read());
      assertTrue(directory.takeCleanShutdown());
      assertFalse(kafka.exists());

      kafka.write(0L);

      assertTrue(directory.takeCleanShutdown());
    }
  }
}
