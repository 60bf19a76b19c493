package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.cost.Bill;
import io.sluice.bench.cost.Calls;
import io.sluice.bench.cost.CostRun;
import io.sluice.bench.cost.Payload;
import io.sluice.bench.cost.Prices;
import io.sluice.bench.cost.Usage;
import io.sluice.bench.system.Sluice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** {@code client-cost}: what the {@code client} library's requests cost at Amazon. */
public final class ClientCost implements Scenario {

  private static final int RECORDS = 1_000_000;
  private static final int FEW = 20_000;
  private static final int GROUPS = 3;
  private static final double BAR_RATIO = 50;
  private static final double BAR_REQUESTS = 25_000;

  /** One run and what it took. */
  private record Result(CostRun run, Calls calls, Bill bill) {

    String title() {
      return run.format() + ", " + run.payload().title();
    }

    /** Bytes of records for each byte of a message. */
    double ratio() {
      return (double) run.records() * Payload.BYTES / calls.of(Calls.PUBLISH).bytes();
    }

    double perMillionAndGroup() {
      return calls.perMillionAndGroup(run.records(), GROUPS);
    }

    double dollarsPerMillion() {
      return bill.total() * 1e6 / run.records();
    }
  }

  @Override
  public String name() {
    return "client-cost";
  }

  @Override
  public String explanation() {
    return """
    The library of `client` with its defaults: one producer publishes records of 1 KiB as fast as it
    can, and three groups of one consumer each read and commit them meanwhile. Every request of the
    AWS SDK's clients is counted, repetitions and empty receives among them, and multiplied by the
    prices of `bench/prices.json`. Records without end make full messages: a producer that has few
    records in each `linger.ms` packs few into one.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    Prices prices = Prices.read();
    int records = bench.size(RECORDS, FEW);
    List<Result> results = new ArrayList<>();
    for (CostRun run :
        List.of(
            new CostRun("plain", Payload.EVENT, records, GROUPS),
            new CostRun("packed", Payload.EVENT, records, GROUPS),
            new CostRun("packed", Payload.NOISE, records, GROUPS))) {
      bench.visit(
          Sluice.DURABLE,
          system -> {
            Calls calls = run.drive(system.aws().orElseThrow());
            results.add(new Result(run, calls, Bill.of(calls, GROUPS, prices)));
          });
    }
    bench.table(table(results));
    bench.note(
        "Prices of %s as of %s, whose sources are in the file."
            .formatted(prices.region(), prices.date()));
    compare(bench, results);
  }

  private static Table table(List<Result> results) {
    List<String> head = new ArrayList<>();
    head.add(Figures.count(results.getFirst().run().records()) + " records, 3 groups");
    results.forEach(each -> head.add(each.title()));
    Table table = new Table(head.toArray(String[]::new));
    requests(table, results);
    billed(table, results);
    return table;
  }

  private static void requests(Table table, List<Result> results) {
    row(table, results, "PublishBatch", of(Calls.PUBLISH, Usage::requests));
    row(table, results, "ReceiveMessage", of(Calls.RECEIVE, Usage::requests));
    row(table, results, "(of these empty)", of(Calls.RECEIVE, Usage::empty));
    row(table, results, "DeleteMessageBatch", of(Calls.DELETE, Usage::requests));
    row(
        table,
        results,
        "ChangeMessageVisibilityBatch",
        of(Calls.CHANGE_VISIBILITY, Usage::requests));
    row(table, results, "others, of topics and queues", each -> whole(each.calls().others()));
    row(table, results, "all requests", each -> whole(each.calls().requests()));
    row(
        table,
        results,
        "per million records and group, publishing included",
        each -> whole(Math.round(each.perMillionAndGroup())));
  }

  private static void billed(Table table, List<Result> results) {
    row(table, results, "messages", of(Calls.PUBLISH, Usage::messages));
    row(table, results, "bytes of records per byte of them", each -> Figures.digits(each.ratio()));
    row(table, results, "requests as billed, by 64 KiB", each -> whole(each.calls().billed()));
    row(table, results, "publishing", each -> dollars(each.bill().publishing()));
    row(table, results, "delivery to the queues", each -> dollars(each.bill().delivering()));
    row(table, results, "receiving and deleting", each -> dollars(each.bill().reading()));
    row(table, results, "a million records, 3 groups", each -> dollars(each.dollarsPerMillion()));
  }

  private static Function<Result, String> of(
      Calls.Operation operation, ToLongFunction<Usage> figure) {
    return each -> whole(figure.applyAsLong(each.calls().of(operation)));
  }

  private static void row(
      Table table, List<Result> results, String title, Function<Result, String> figure) {
    List<String> cells = new ArrayList<>(List.of(title));
    results.forEach(each -> cells.add(figure.apply(each)));
    table.add(cells.toArray(String[]::new));
  }

  private static String whole(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String dollars(double amount) {
    return String.format(Locale.ROOT, "$%.4f", amount);
  }

  private static void compare(BenchRun bench, List<Result> results) {
    Result plain = results.getFirst();
    for (Result packed : results.subList(1, results.size())) {
      double ratio = (double) plain.calls().requests() / packed.calls().requests();
      if (packed.run().payload() == Payload.EVENT) {
        bench.bar(
            "requests, " + packed.title(),
            "≤ 1/50 of plain's",
            "1/" + Figures.digits(ratio),
            ratio >= BAR_RATIO);
      } else {
        bench.note(
            "What cannot be compressed is the worst case: 1/%s of plain's requests."
                .formatted(Figures.digits(ratio)));
      }
      bench.bar(
          "requests per million records and group, " + packed.title(),
          "≤ 25,000",
          whole(Math.round(packed.perMillionAndGroup())),
          packed.perMillionAndGroup() <= BAR_REQUESTS);
    }
  }
}
