package io.sluice.embedded;

import io.sluice.log.Durability;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a {@link Sluice} inside this process behaves.
 *
 * @param data the data folder, created when it is missing; empty for a temporary one, which is
 *     deleted with what is in it when Sluice is closed
 * @param durability when a write is acknowledged
 * @param accountId the AWS account in ARNs and queue URLs: twelve digits
 * @param region the AWS region in ARNs
 * @param clock the wall clock of queues and topics, see {@link Sluice#advance}
 */
public record EmbeddedOptions(
    Optional<Path> data,
    Durability durability,
    String accountId,
    String region,
    InstantSource clock) {

  /** Rejects an account that cannot be. */
  public EmbeddedOptions {
    if (!accountId.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("account id '" + accountId + "' is not twelve digits");
    }
  }

  /**
   * For tests: a temporary folder, and what the operating system has is acknowledged, since nobody
   * needs it after a power loss. Account 000000000000, region us-east-1.
   */
  public static EmbeddedOptions temporary() {
    return new EmbeddedOptions(
        Optional.empty(), Durability.OS, "000000000000", "us-east-1", InstantSource.system());
  }

  /** For applications: a folder that is kept, and every acknowledged write is on disk. */
  public static EmbeddedOptions in(Path data) {
    return new EmbeddedOptions(
        Optional.of(data), Durability.FSYNC, "000000000000", "us-east-1", InstantSource.system());
  }

  /** These options with another durability. */
  public EmbeddedOptions withDurability(Durability other) {
    return new EmbeddedOptions(data, other, accountId, region, clock);
  }

  /** These options with another AWS account. */
  public EmbeddedOptions withAccountId(String other) {
    return new EmbeddedOptions(data, durability, other, region, clock);
  }

  /** These options with another AWS region. */
  public EmbeddedOptions withRegion(String other) {
    return new EmbeddedOptions(data, durability, accountId, other, clock);
  }

  /** These options with another clock. */
  public EmbeddedOptions withClock(InstantSource other) {
    return new EmbeddedOptions(data, durability, accountId, region, other);
  }
}
