package io.sluice.torture.work;

import java.util.Random;

/**
 * One of the things that are done at once, again and again, each by a thread of its own.
 *
 * @param name what a finding calls it
 * @param step one request or a few
 */
public record Activity(String name, Step step) {

  /** What is done again and again. */
  @FunctionalInterface
  public interface Step {

    /**
     * Does it once.
     *
     * @param random what all choices come from
     * @throws software.amazon.awssdk.core.exception.SdkException the broker is away, or refuses
     * @throws org.apache.kafka.common.KafkaException the broker is away, or refuses
     */
    void take(Random random) throws Exception;
  }
}
