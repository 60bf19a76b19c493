package io.sluice.bench.cost;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Amazon's prices in a region, as {@code bench/prices.json} has them.
 *
 * @param date the oldest of theirs
 * @param note what to know before they are relied on
 * @param snsFifoRequests of Publish and PublishBatch
 * @param snsFifoPublished per byte of those
 * @param snsFifoDeliveries of messages to subscriptions
 * @param snsFifoDelivered per byte of those
 * @param snsRequests of anything else
 * @param sqsFifoRequests of messages
 * @param sqsRequests of anything else
 */
public record Prices(
    String region,
    String date,
    String note,
    Price snsFifoRequests,
    Price snsFifoPublished,
    Price snsFifoDeliveries,
    Price snsFifoDelivered,
    Price snsRequests,
    Price sqsFifoRequests,
    Price sqsRequests) {

  /**
   * What something costs.
   *
   * @param usd dollars for {@code per} of {@code unit}
   * @param asOf the day or month of that
   * @param source Amazon's page
   * @param quotedBy where it was read
   */
  public record Price(
      double usd, long per, String unit, String asOf, String source, String quotedBy) {

    /** Dollars for so many. */
    double of(long count) {
      return usd * count / per;
    }
  }

  /** Reads the file of this checkout. */
  public static Prices read() throws IOException {
    return read(Path.of(System.getProperty("sluice.bench.home", "bench"), "prices.json"));
  }

  /** Reads a file. */
  static Prices read(Path file) throws IOException {
    return JsonMapper.builder().build().readValue(file.toFile(), Prices.class);
  }
}
