package io.sluice.bench.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.cost.Calls.Operation;
import io.sluice.bench.cost.Prices.Price;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BillTest {

  private static final long GIB = 1L << 30;

  private static Price price(double usd, long per) {
    return new Price(usd, per, "of something", "2026-01", "https://example.com", "nobody");
  }

  private static final Prices PRICES =
      new Prices(
          "nowhere",
          "2026-01-01",
          "",
          price(3, 1_000),
          price(5, GIB),
          price(7, 1_000),
          price(11, GIB),
          price(13, 1_000),
          price(17, 1_000),
          price(19, 1_000));

  @Test
  void each_64_KiB_of_a_request_is_billed_and_an_empty_one_is_too() {
    assertEquals(1, Usage.request(0, 0).billed());
    assertEquals(1, Usage.request(1, 65_536).billed());
    assertEquals(2, Usage.request(1, 65_537).billed());
    assertEquals(4, Usage.request(1, 262_144).billed());
  }

  @Test
  void a_receive_is_billed_by_what_it_brings() {
    Usage asked = Usage.request(0, 0);
    assertEquals(new Usage(1, 1, 0, 0, 1), asked.and(Usage.answer(0, 0)));
    assertEquals(new Usage(1, 40, 10, 2_621_440, 0), asked.and(Usage.answer(10, 2_621_440)));
  }

  @Test
  void prices_times_counts() {
    Calls calls =
        new Calls(
            Map.of(
                Calls.PUBLISH,
                new Usage(1_000, 2_000, 4_000, GIB, 0),
                Calls.RECEIVE,
                new Usage(100, 700, 12_000, 3 * GIB, 10),
                Calls.DELETE,
                new Usage(200, 200, 0, 0, 0),
                Calls.CHANGE_VISIBILITY,
                new Usage(100, 100, 0, 0, 0),
                new Operation("Sqs", "CreateQueue"),
                new Usage(1_000, 1_000, 0, 0, 0),
                new Operation("Sns", "CreateTopic"),
                new Usage(1_000, 1_000, 0, 0, 0),
                new Operation("Sts", "GetCallerIdentity"),
                new Usage(9, 9, 0, 0, 0)));

    Bill bill = Bill.of(calls, 3, PRICES);

    assertEquals(2 * 3 + 5, bill.publishing(), 1e-9);
    assertEquals(12 * 7 + 3 * 11, bill.delivering(), 1e-9);
    assertEquals(17, bill.reading(), 1e-9);
    assertEquals(13 + 19, bill.others(), 1e-9);
    assertEquals(11 + 117 + 17 + 32, bill.total(), 1e-9);
  }

  @Test
  void a_group_has_the_publishing_and_its_share_of_the_reading() {
    Calls calls =
        new Calls(
            Map.of(
                Calls.PUBLISH, new Usage(100, 100, 1_000, 0, 0),
                Calls.RECEIVE, new Usage(300, 300, 3_000, 0, 0),
                Calls.DELETE, new Usage(600, 600, 0, 0, 0)));

    assertEquals(1_000, calls.requests());
    assertEquals(400 * 1_000, calls.perMillionAndGroup(1_000, 3), 1e-6);
  }

  @Test
  void every_price_of_the_file_has_a_source() throws Exception {
    Prices prices = Prices.read(Path.of("prices.json"));
    List<Price> all =
        List.of(
            prices.snsFifoRequests(),
            prices.snsFifoPublished(),
            prices.snsFifoDeliveries(),
            prices.snsFifoDelivered(),
            prices.snsRequests(),
            prices.sqsFifoRequests(),
            prices.sqsRequests());
    for (Price price : all) {
      assertTrue(price.usd() > 0 && price.per() > 0, price.toString());
      assertTrue(price.source().startsWith("https://aws.amazon.com/"), price.toString());
    }
    String oldest = all.stream().map(Price::asOf).min(String::compareTo).orElseThrow();
    assertEquals(oldest, prices.date());
  }
}
