package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import java.util.Collection;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code micro}: single parts alone. */
public final class Micro implements Scenario {

  @Override
  public String name() {
    return "micro";
  }

  @Override
  public String explanation() {
    return """
    Single parts of Sluice alone, by JMH, in a process of their own: a batch appended to a partition,
    ten messages received and acknowledged (per message, page cache), a message judged by an SNS
    filter policy, requests read and answers written. No peer has them; they show where a change to a
    hot path begins.
    """;
  }

  @Override
  public boolean isQuick() {
    return false;
  }

  @Override
  public void run(BenchRun bench) throws RunnerException {
    TimeValue iteration = TimeValue.milliseconds(bench.size(1000L, 200L));
    Options options =
        new OptionsBuilder()
            .include("io\\.sluice\\..*Benchmark.*")
            .forks(1)
            .warmupIterations(bench.size(3, 1))
            .warmupTime(iteration)
            .measurementIterations(bench.size(5, 1))
            .measurementTime(iteration)
            .jvmArgs("-Xmx1g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders")
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    Table table = new Table("part", "with", "time", "± (99.9 %)", "unit");
    for (RunResult each : results) {
      Result<?> time = each.getPrimaryResult();
      table.add(
          part(each.getParams().getBenchmark()),
          each.getParams().getParamsKeys().stream()
              .map(key -> each.getParams().getParam(key))
              .collect(Collectors.joining(", ")),
          Figures.digits(time.getScore()),
          Double.isNaN(time.getScoreError()) ? "–" : Figures.digits(time.getScoreError()),
          time.getScoreUnit());
    }
    bench.table(table);
  }

  private static String part(String benchmark) {
    return benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
  }
}
