package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.cost.AmazonClients;
import io.sluice.bench.cost.BareWork;
import io.sluice.bench.cost.LibraryWork;
import io.sluice.bench.cost.Payload;
import io.sluice.bench.cost.PlainWork;
import io.sluice.bench.cost.RequestCounter;
import io.sluice.bench.system.Sluice;
import io.sluice.client.SnsSqsAdmin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;

/** {@code client-cpu}: the {@code client} library's processor time beside that of the AWS SDK. */
public final class ClientCpu implements Scenario {

  private static final int RECORDS = 50_000;
  private static final int FEW = 5_000;
  private static final int PAIRS = 7;
  private static final int WARM_UP_PAIRS = 2;
  private static final double BAR = 1.10;
  private static final String GROUP = "dispatch";

  /** This process's time for some requests. */
  private record Cost(long requests, double micros) {

    double perRequest() {
      return micros / requests;
    }
  }

  /** One way to do the work, once. */
  private record Round(Cost publish, Cost read) {

    double micros() {
      return publish.micros() + read.micros();
    }

    double perRequest() {
      return micros() / (publish.requests() + read.requests());
    }
  }

  /** Both ways, one right after the other. */
  private record Pair(Round bare, Round library) {

    double ratio(ToDoubleFunction<Round> figure) {
      return figure.applyAsDouble(library) / figure.applyAsDouble(bare);
    }
  }

  private int topics;

  @Override
  public String name() {
    return "client-cpu";
  }

  @Override
  public String explanation() {
    return """
    Records of 1 KiB (events as JSON text, 10,000 keys) published to a plain topic and then received
    and deleted, by the library of `client` and by the AWS SDK alone with the same requests. Both run
    in turns in one process, with a Sluice process as the server; the figure is the client process's
    processor time, garbage collection and compiler included, for each request. Medians of pairs, and
    the smallest and largest.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    List<PlainWork.Item> records =
        IntStream.range(0, bench.size(RECORDS, FEW))
            .mapToObj(
                number ->
                    new PlainWork.Item(
                        Payload.customer(number),
                        new String(Payload.EVENT.of(number), StandardCharsets.US_ASCII)))
            .toList();
    List<Pair> pairs = new ArrayList<>();
    bench.visit(
        Sluice.PAGE_CACHE,
        system -> {
          RequestCounter counter = new RequestCounter();
          try (AmazonClients clients = AmazonClients.of(system.aws().orElseThrow(), counter)) {
            for (int pair = 0; pair < WARM_UP_PAIRS + bench.size(PAIRS, 1); pair++) {
              pairs.add(pair(clients, counter, records, pair % 2 == 0));
            }
          }
        });
    List<Pair> counted = pairs.subList(WARM_UP_PAIRS, pairs.size());
    Table table =
        new Table("work", "the AWS SDK alone", "the library", "ratio", "(min – max)", "pairs");
    row(table, "PublishBatch of 10", counted, round -> round.publish().perRequest());
    row(table, "ReceiveMessage, DeleteMessageBatch", counted, round -> round.read().perRequest());
    row(table, "all", counted, Round::perRequest);
    row(table, "all, for each record", counted, round -> round.micros() / records.size());
    bench.table(table);
    double ratio = median(counted, pair -> pair.ratio(Round::perRequest));
    bench.bar(
        "CPU per request beside the AWS SDK's", "≤ 1.10×", Figures.times(ratio), ratio <= BAR);
  }

  private Pair pair(
      AmazonClients clients,
      RequestCounter counter,
      List<PlainWork.Item> records,
      boolean isBareFirst)
      throws Exception {
    Round first =
        round(isBareFirst ? new BareWork() : new LibraryWork(), clients, counter, records);
    Round second =
        round(isBareFirst ? new LibraryWork() : new BareWork(), clients, counter, records);
    return isBareFirst ? new Pair(first, second) : new Pair(second, first);
  }

  /** On a topic of its own: a long poll of an earlier round may go on. */
  private Round round(
      PlainWork work, AmazonClients clients, RequestCounter counter, List<PlainWork.Item> records)
      throws Exception {
    String topic = "orders-" + topics++;
    try (SnsSqsAdmin admin = new SnsSqsAdmin(clients.services())) {
      admin.createTopics(
          List.of(
              new NewTopic(topic, 1, (short) 1)
                  .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, "plain"))));
      admin.createGroup(GROUP, List.of(topic));
    }
    Cost publish = cost(counter, () -> work.publish(clients, topic, records));
    Cost read = cost(counter, () -> work.read(clients, topic, GROUP, records.size()));
    System.out.printf(
        "  %-18s publish %6.1f µs × %d, read %6.1f µs × %d%n",
        work.name(), publish.perRequest(), publish.requests(), read.perRequest(), read.requests());
    return new Round(publish, read);
  }

  /** Something that makes requests. */
  @FunctionalInterface
  private interface Requests {
    void make() throws Exception;
  }

  private static Cost cost(RequestCounter counter, Requests requests) throws Exception {
    System.gc();
    long before = counter.requests();
    Duration since = cpu();
    requests.make();
    double micros = cpu().minus(since).toNanos() / 1e3;
    return new Cost(counter.requests() - before, micros);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void row(
      Table table, String work, List<Pair> pairs, ToDoubleFunction<Round> figure) {
    double[] ratios = pairs.stream().mapToDouble(pair -> pair.ratio(figure)).sorted().toArray();
    table.add(
        work,
        Figures.micros(median(pairs, pair -> figure.applyAsDouble(pair.bare()))),
        Figures.micros(median(pairs, pair -> figure.applyAsDouble(pair.library()))),
        Figures.times(median(pairs, pair -> pair.ratio(figure))),
        Figures.times(ratios[0]) + " – " + Figures.times(ratios[ratios.length - 1]),
        Integer.toString(pairs.size()));
  }

  private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
    double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
