package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sluice, through its launcher.
 *
 * @param durability what {@code --durability} says: {@code fsync}, the default, or {@code os}
 * @param heap what {@code SLUICE_HEAP} says, such as {@code 256m}; empty for the default
 */
public record Sluice(String durability, String heap) implements SystemUnderTest {

  /** Every acknowledged write on disk. */
  public static final Sluice DURABLE = new Sluice("fsync", "");

  /** As {@link #DURABLE}, with half the heap. */
  public static final Sluice SMALL = new Sluice("fsync", "256m");

  /** Acknowledged once the operating system has it, as Kafka does. */
  public static final Sluice PAGE_CACHE = new Sluice("os", "");

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Path LAUNCHER = Path.of(System.getProperty("sluice.launcher", "./sluice"));

  @Override
  public String name() {
    return "Sluice, " + durability + (heap.isEmpty() ? "" : ", heap " + heap);
  }

  @Override
  public boolean isSluice() {
    return true;
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    int kafka = FreePort.find();
    int aws = FreePort.find();
    Path data = folder.resolve("data");
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerProcess process =
        ServerProcess.start(
            List.of(
                LAUNCHER.toString(),
                "serve",
                "--data=" + data,
                "--durability=" + durability,
                "--kafka-port=" + kafka,
                "--aws-port=" + aws,
                "--admin-port=0"),
            heap.isEmpty() ? Map.of() : Map.of("SLUICE_HEAP", heap),
            folder.resolve("output.log"));
    process.awaitListening(kafka, START_PATIENCE);
    process.awaitListening(aws, START_PATIENCE);
    return new RunningSystem(process, Optional.of("127.0.0.1:" + kafka), Optional.of(aws), data);
  }
}
