package io.sluice.bench.scenario;

import io.sluice.bench.load.GroupReader;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One producer as fast as it can, while groups read what it writes. A unit is a record that every
 * group has.
 */
record ProducerAndGroups(int groups, long records, int recordBytes) implements FreshTopic.Run {

  @Override
  public Load on(RunningSystem system, String topic) throws Exception {
    String bootstrap = system.kafka().orElseThrow();
    List<GroupReader> readers = new ArrayList<>();
    try {
      for (int group = 0; group < groups; group++) {
        readers.add(new GroupReader(bootstrap, topic, records));
      }
      for (GroupReader reader : readers) {
        reader.awaitAssignment();
      }
      double cpuBefore = system.process().cpuSeconds();
      new ProducerPerformance(bootstrap, topic, records, recordBytes).run();
      List<GroupReader.Span> spans = new ArrayList<>();
      for (GroupReader reader : readers) {
        spans.add(reader.await());
      }
      return load(records, spans, system.process().cpuSeconds() - cpuBefore);
    } finally {
      for (GroupReader reader : readers) {
        reader.close();
      }
    }
  }

  /** From the first record that any group got until all groups had the last. */
  static Load load(long records, List<GroupReader.Span> spans, double cpuSeconds) {
    long origin = spans.getFirst().firstNanos();
    long first = 0;
    long last = 0;
    for (GroupReader.Span span : spans) {
      if (span.records() != records) {
        throw new IllegalStateException(
            "a group got %d records of %d".formatted(span.records(), records));
      }
      first = Math.min(first, span.firstNanos() - origin);
      last = Math.max(last, span.lastNanos() - origin);
    }
    return new Load(
        records, Duration.ofNanos(last - first), Optional.empty(), OptionalDouble.of(cpuSeconds));
  }
}
