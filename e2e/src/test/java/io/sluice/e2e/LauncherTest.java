package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.server.demo.BrokerProcess;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./sluice} as it is used: it runs what the build has put together, and builds first when
 * that is out of date.
 */
class LauncherTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String LAUNCHER = ROOT.resolve("sluice").toString();
  private static final Path ASSEMBLY = ROOT.resolve(Path.of("server", "target", "sluice"));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  /** The JVM drops a cache without a word when the class path is another than at its making. */
  @Test
  void a_server_starts_with_classes_from_the_cache() throws Exception {
    Path loaded = folder.resolve("loaded");
    BrokerProcess broker =
        BrokerProcess.start(
            traced(loaded),
            List.of(
                "--data", folder.resolve("data").toString(),
                "--kafka-port", "0",
                "--aws-port", "0",
                "--admin-port", "0"),
            folder.resolve("log"));
    try (broker) {
      assertEquals(0, broker.terminate(PATIENCE));
    }
    List<String> others =
        Files.readAllLines(loaded).stream()
            .filter(line -> line.contains(" source: file:"))
            .toList();
    assertTrue(others.isEmpty(), others.toString());
    assertTrue(
        Files.readString(loaded).contains(" io.sluice.server.Server source: shared objects file"));
  }

  @Test
  void a_command_starts_with_classes_from_the_cache() throws Exception {
    Path loaded = folder.resolve("loaded");
    List<String> command =
        Stream.concat(traced(loaded).stream(), Stream.of("topics", "--help")).toList();
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    // picocli is compiled for a Java so old that no cache takes it, nor what extends its classes.
    assertTrue(
        Files.readString(loaded)
            .contains(" io.sluice.server.cli.TopicsCommand source: shared objects file"));
  }

  /** The desktop is what jackson-databind looks for and does without. */
  @Test
  void the_runtime_has_the_modules_that_the_jars_need() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--multi-release",
                "25",
                "--ignore-missing-deps",
                "--print-module-deps",
                ASSEMBLY.resolve("sluice.jar").toString(),
                ASSEMBLY.resolve("libraries.jar").toString()));
    StringWriter found = new StringWriter();
    StringWriter warnings = new StringWriter();
    int exitCode =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(found),
                new PrintWriter(warnings),
                arguments.toArray(String[]::new));
    assertEquals(0, exitCode, found.toString() + warnings);
    Set<String> needed =
        new TreeSet<>(List.of(found.toString().lines().toList().getLast().split(",")));
    assertTrue(needed.remove("java.desktop"), needed.toString());
    Properties release = new Properties();
    try (Reader reader = Files.newBufferedReader(ASSEMBLY.resolve(Path.of("image", "release")))) {
      release.load(reader);
    }
    needed.removeAll(List.of(release.getProperty("MODULES").replace("\"", "").split(" ")));
    assertEquals(Set.of(), needed);
  }

  private static List<String> traced(Path loaded) {
    return List.of("env", "_JAVA_OPTIONS=-Xlog:class+load:file=" + loaded, LAUNCHER);
  }
}
