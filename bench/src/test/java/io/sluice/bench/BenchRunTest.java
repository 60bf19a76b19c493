package io.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadFailedException;
import io.sluice.bench.system.MissingPeerException;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.ServerProcess;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchRunTest {

  @TempDir Path folder;

  /** A process that does nothing. */
  private record Idle(String name, boolean isSluice) implements SystemUnderTest {
    @Override
    public RunningSystem start(Path home) {
      ServerProcess process =
          ServerProcess.start(List.of("sleep", "60"), Map.of(), home.resolve("output"));
      return new RunningSystem(process, Optional.empty(), Optional.empty(), home);
    }
  }

  private record Missing(String name) implements SystemUnderTest {
    @Override
    public RunningSystem start(Path home) {
      throw new MissingPeerException("no such jar");
    }
  }

  private BenchRun run() {
    return run(1);
  }

  private BenchRun run(int repetitions) {
    return new BenchRun(
        folder, true, repetitions, new PrintStream(OutputStream.nullOutputStream(), true));
  }

  @Test
  void a_peer_that_is_missing_or_breaks_down_is_named_and_the_run_goes_on() throws Exception {
    BenchRun run = run();
    run.visit(new Missing("Absent"), running -> {});
    run.visit(
        new Idle("Frail", false),
        running -> {
          throw new UncheckedIOException(new IOException(new LoadFailedException("it is gone")));
        });

    assertEquals(
        """
        * Missing: Absent (no such jar).
        * Frail broke down: it is gone.
        """,
        run.markdown());
  }

  @Test
  void a_load_that_is_too_much_for_a_peer_is_named_and_the_next_is_driven() throws Exception {
    BenchRun run = run();
    Idle frail = new Idle("Frail", false);
    run.visit(
        frail,
        running -> {
          run.measureIfAble(
              "much",
              frail,
              running,
              any -> {
                throw new LoadFailedException("status 503:\n too much");
              });
          run.measureIfAble(
              "little",
              frail,
              running,
              any -> new Load(100, Duration.ofSeconds(1), Optional.empty()));
        });

    assertEquals(100, run.measured("little", "Frail").orElseThrow().rate());
    String markdown = run.markdown();
    assertTrue(markdown.endsWith("* Frail failed at \"much\": status 503: too much.\n"), markdown);
  }

  @Test
  void a_load_that_is_too_much_for_sluice_ends_the_run() {
    BenchRun run = run();
    Idle sluice = new Idle("Sluice", true);
    assertThrows(
        LoadFailedException.class,
        () ->
            run.visit(
                sluice,
                running ->
                    run.measureIfAble(
                        "much",
                        sluice,
                        running,
                        any -> {
                          throw new LoadFailedException("too much");
                        })));
  }

  @Test
  void runs_of_systems_that_take_turns_make_one_measurement_each() throws Exception {
    BenchRun run = run(3);
    Iterator<Integer> seconds = List.of(1, 10, 4, 40, 2, 20).iterator();
    run.visitInTurns(
        List.of(new Idle("Quick", false), new Idle("Slow", false)),
        (system, running) -> {
          Load load = new Load(100, Duration.ofSeconds(seconds.next()), Optional.empty());
          run.measureOnce("work", system, running, any -> load);
        });
    assertEquals(50, run.measured("work", "Quick").orElseThrow().rate());
    assertEquals(5, run.measured("work", "Slow").orElseThrow().rate());
  }

  @Test
  void a_sluice_that_breaks_down_ends_the_run() {
    assertThrows(
        LoadFailedException.class,
        () ->
            run()
                .visit(
                    new Idle("Sluice", true),
                    running -> {
                      throw new LoadFailedException("it is gone");
                    }));
  }
}
