package io.sluice.aws.sns;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a delivery over HTTP is tried again (Amazon's "Amazon SNS message delivery retries"): first
 * without delay, then with the least, then with one that grows, at last with the greatest.
 *
 * @param minDelayTarget the least delay, seconds, 1 to 3,600
 * @param maxDelayTarget the greatest delay, seconds, {@code minDelayTarget} to 3,600
 * @param numRetries how many retries there are in all, 0 to 100
 * @param givenNoDelayRetries how many of them come at once, if that was said
 * @param givenMinDelayRetries how many have the least delay, if that was said
 * @param givenMaxDelayRetries how many have the greatest delay, if that was said
 * @param givenBackoffFunction how the delay of the others grows, if that was said
 */
record RetryPolicy(
    int minDelayTarget,
    int maxDelayTarget,
    int numRetries,
    OptionalInt givenNoDelayRetries,
    OptionalInt givenMinDelayRetries,
    OptionalInt givenMaxDelayRetries,
    Optional<BackoffFunction> givenBackoffFunction) {

  /** Amazon's own: three retries, 20 seconds apart. */
  static final RetryPolicy DEFAULT =
      new RetryPolicy(
          20,
          20,
          3,
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty());

  private static final int MAX_DELAY = 3600;
  private static final int MAX_RETRIES = 100;
  private static final String MIN_DELAY_TARGET = "minDelayTarget";
  private static final String MAX_DELAY_TARGET = "maxDelayTarget";
  private static final String NUM_RETRIES = "numRetries";
  private static final String NUM_NO_DELAY_RETRIES = "numNoDelayRetries";
  private static final String NUM_MIN_DELAY_RETRIES = "numMinDelayRetries";
  private static final String NUM_MAX_DELAY_RETRIES = "numMaxDelayRetries";
  private static final String BACKOFF_FUNCTION = "backoffFunction";

  /** How the delay grows from the least to the greatest. */
  enum BackoffFunction {
    /** By the same each time. */
    LINEAR,
    /** By more each time, and by as much more each time. */
    ARITHMETIC,
    /** By the same factor each time. */
    GEOMETRIC,
    /** By twice as much each time. */
    EXPONENTIAL;

    /** How far it has grown, 0 to 1, with the {@code step}th of {@code last} steps. */
    private double growth(int step, int last, double factor) {
      double linear = (double) step / last;
      return switch (this) {
        case LINEAR -> linear;
        case ARITHMETIC -> linear * (step + 1) / (last + 1);
        case GEOMETRIC -> factor == 1 ? 0 : (Math.pow(factor, linear) - 1) / (factor - 1);
        case EXPONENTIAL -> Math.expm1(step * Math.log(2)) / Math.expm1(last * Math.log(2));
      };
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads a policy.
   *
   * @param path its name, for what is said of one that is none
   */
  static RetryPolicy read(String path, Map<String, @Nullable Object> fields)
      throws InvalidDeliveryPolicyException {
    DeliveryPolicyFields policy = new DeliveryPolicyFields(path, fields);
    policy.allow(
        Set.of(
            MIN_DELAY_TARGET,
            MAX_DELAY_TARGET,
            NUM_RETRIES,
            NUM_NO_DELAY_RETRIES,
            NUM_MIN_DELAY_RETRIES,
            NUM_MAX_DELAY_RETRIES,
            BACKOFF_FUNCTION));
    RetryPolicy read =
        new RetryPolicy(
            policy.required(MIN_DELAY_TARGET, 1, MAX_DELAY),
            policy.required(MAX_DELAY_TARGET, 1, MAX_DELAY),
            policy.required(NUM_RETRIES, 0, MAX_RETRIES),
            policy.optional(NUM_NO_DELAY_RETRIES, 0, MAX_RETRIES),
            policy.optional(NUM_MIN_DELAY_RETRIES, 0, MAX_RETRIES),
            policy.optional(NUM_MAX_DELAY_RETRIES, 0, MAX_RETRIES),
            backoffFunction(policy));
    read.check(policy);
    return read;
  }

  private static Optional<BackoffFunction> backoffFunction(DeliveryPolicyFields policy)
      throws InvalidDeliveryPolicyException {
    Optional<String> text = policy.text(BACKOFF_FUNCTION);
    for (BackoffFunction function : BackoffFunction.values()) {
      if (text.equals(Optional.of(function.text()))) {
        return Optional.of(function);
      }
    }
    if (text.isPresent()) {
      throw policy.invalid(
          BACKOFF_FUNCTION, "must be one of linear, arithmetic, geometric, exponential");
    }
    return Optional.empty();
  }

  private void check(DeliveryPolicyFields policy) throws InvalidDeliveryPolicyException {
    if (maxDelayTarget < minDelayTarget) {
      throw policy.invalid(
          MAX_DELAY_TARGET, "must be greater than or equal to " + MIN_DELAY_TARGET);
    }
    if (numRetries < numNoDelayRetries() + numMinDelayRetries() + numMaxDelayRetries()) {
      throw policy.invalid(
          NUM_RETRIES,
          "must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and"
              + " numMaxDelayRetries");
    }
    Duration total = Duration.ZERO;
    for (int retry = 1; retry <= numRetries; retry++) {
      total = total.plus(delay(retry));
    }
    if (total.toSeconds() > MAX_DELAY) {
      throw policy.invalid(
          NUM_RETRIES, "must not make the total retry time greater than " + MAX_DELAY + " seconds");
    }
  }

  /** How many retries come at once. */
  int numNoDelayRetries() {
    return givenNoDelayRetries.orElse(0);
  }

  /** How many retries have the least delay. */
  int numMinDelayRetries() {
    return givenMinDelayRetries.orElse(0);
  }

  /** How many retries have the greatest delay. */
  int numMaxDelayRetries() {
    return givenMaxDelayRetries.orElse(0);
  }

  /** How the delay of the others grows. */
  BackoffFunction backoffFunction() {
    return givenBackoffFunction.orElse(BackoffFunction.LINEAR);
  }

  /**
   * How long to wait before a retry, without jitter.
   *
   * @param retry 1 to {@link #numRetries}
   */
  Duration delay(int retry) {
    int afterImmediate = retry - numNoDelayRetries();
    if (afterImmediate <= 0) {
      return Duration.ZERO;
    }
    int step = afterImmediate - numMinDelayRetries();
    if (step <= 0) {
      return Duration.ofSeconds(minDelayTarget);
    }
    int steps = numRetries - numNoDelayRetries() - numMinDelayRetries() - numMaxDelayRetries();
    if (step > steps) {
      return Duration.ofSeconds(maxDelayTarget);
    }
    double factor = (double) maxDelayTarget / minDelayTarget;
    double growth = steps == 1 ? 0 : backoffFunction().growth(step - 1, steps - 1, factor);
    return Duration.ofMillis(
        Math.round(1000 * (minDelayTarget + growth * (maxDelayTarget - minDelayTarget))));
  }

  /** With every field, in Amazon's order. */
  RetryPolicy complete() {
    return new RetryPolicy(
        minDelayTarget,
        maxDelayTarget,
        numRetries,
        OptionalInt.of(numNoDelayRetries()),
        OptionalInt.of(numMinDelayRetries()),
        OptionalInt.of(numMaxDelayRetries()),
        Optional.of(backoffFunction()));
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField(MIN_DELAY_TARGET, minDelayTarget);
    json.writeNumberField(MAX_DELAY_TARGET, maxDelayTarget);
    json.writeNumberField(NUM_RETRIES, numRetries);
    write(json, NUM_MAX_DELAY_RETRIES, givenMaxDelayRetries);
    write(json, NUM_NO_DELAY_RETRIES, givenNoDelayRetries);
    write(json, NUM_MIN_DELAY_RETRIES, givenMinDelayRetries);
    if (givenBackoffFunction.isPresent()) {
      json.writeStringField(BACKOFF_FUNCTION, givenBackoffFunction.get().text());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, OptionalInt value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsInt());
    }
  }
}
