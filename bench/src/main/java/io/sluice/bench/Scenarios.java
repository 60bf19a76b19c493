package io.sluice.bench;

import io.sluice.bench.scenario.ClientCost;
import io.sluice.bench.scenario.ClientCpu;
import io.sluice.bench.scenario.Disk;
import io.sluice.bench.scenario.FanOut;
import io.sluice.bench.scenario.Fifo;
import io.sluice.bench.scenario.Filtering;
import io.sluice.bench.scenario.KafkaConsume;
import io.sluice.bench.scenario.KafkaLatency;
import io.sluice.bench.scenario.KafkaProduce;
import io.sluice.bench.scenario.LongBacklog;
import io.sluice.bench.scenario.Micro;
import io.sluice.bench.scenario.SqsReceive;
import io.sluice.bench.scenario.SqsSend;
import io.sluice.bench.scenario.Start;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Every scenario, in the order in which they run and are written. */
final class Scenarios {

  private static final List<Scenario> ALL =
      List.of(
          new KafkaProduce(),
          new KafkaConsume(),
          new KafkaLatency(),
          new SqsSend(),
          new SqsReceive(),
          new Fifo(),
          new FanOut(),
          new Filtering(),
          new Start(),
          new LongBacklog(),
          new ClientCost(),
          new ClientCpu(),
          new Disk(),
          new Micro());

  private Scenarios() {}

  static List<String> names() {
    return ALL.stream().map(Scenario::name).toList();
  }

  /**
   * The scenarios of these names, or all for none.
   *
   * @throws IllegalArgumentException for a name that is not known
   */
  static List<Scenario> named(List<String> names) {
    List<Scenario> chosen = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      chosen.add(
          ALL.stream()
              .filter(scenario -> scenario.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no benchmark " + name + "; there are " + names())));
    }
    return names.isEmpty() ? ALL : chosen;
  }
}
