package io.sluice.bench;

import io.sluice.bench.load.Load;
import io.sluice.bench.system.RunningSystem;
import java.util.concurrent.Callable;

/**
 * One run of a load, and what it cost the server.
 *
 * @param cpuSeconds the server's processor time meanwhile, user and system
 * @param peakResidentBytes the most memory it had meanwhile
 * @param diskBytes by how much its data grew
 */
public record Sample(Load load, double cpuSeconds, long peakResidentBytes, long diskBytes) {

  /** Runs a load against a system. */
  public static Sample of(RunningSystem system, Callable<Load> run) throws Exception {
    long diskBefore = system.keptBytes();
    system.process().resetPeak();
    double cpuBefore = system.process().cpuSeconds();
    Load load = run.call();
    double cpuSeconds = system.process().cpuSeconds() - cpuBefore;
    return new Sample(
        load,
        load.serverCpuSeconds().orElse(cpuSeconds),
        system.process().peakResidentBytes(),
        system.keptBytes() - diskBefore);
  }

  /** Server processor seconds per million units. */
  public double cpuSecondsPerMillion() {
    return cpuSeconds * 1e6 / load.units();
  }
}
