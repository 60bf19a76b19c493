package io.sluice.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningSystemTest {

  private static final int BYTES = 1 << 20;

  @TempDir Path folder;

  @Test
  void what_is_deleted_takes_disk_until_it_is_gone_but_is_not_kept() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    try (RunningSystem system =
        new RunningSystem(
            ServerProcess.start(List.of("sleep", "60"), Map.of(), folder.resolve("output")),
            Optional.empty(),
            Optional.empty(),
            data)) {
      fill(data.resolve("orders-0"));
      long before = system.keptBytes();
      assertTrue(before >= BYTES);

      fill(data.resolve("orders-0.0f8e-delete"));
      assertEquals(before, system.keptBytes());
      assertTrue(system.diskBytes() >= before + BYTES);
    }
  }

  private static void fill(Path partition) throws IOException {
    Files.createDirectory(partition);
    Files.write(partition.resolve("00000000000000000000.log"), new byte[BYTES]);
  }
}
