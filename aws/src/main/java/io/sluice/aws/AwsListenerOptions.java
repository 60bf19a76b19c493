package io.sluice.aws;

import java.time.Duration;

/**
 * How an {@link AwsListener} listens.
 *
 * @param host the address to bind
 * @param port the port; 0 for a free one
 * @param accountId twelve digits, for {@link CallContext#accountId()}
 * @param drain how long closing waits for calls in flight to end
 */
public record AwsListenerOptions(String host, int port, String accountId, Duration drain) {

  /** Loopback, port 4566, account 000000000000, two seconds to drain. */
  public static final AwsListenerOptions DEFAULTS =
      new AwsListenerOptions(
          "127.0.0.1", 4566, CallContext.DEFAULT_ACCOUNT_ID, Duration.ofSeconds(2));

  /** Rejects a port or account that cannot be. */
  public AwsListenerOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (!accountId.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("account id '" + accountId + "' is not twelve digits");
    }
  }

  /** These options on another address. */
  public AwsListenerOptions at(String newHost, int newPort) {
    return new AwsListenerOptions(newHost, newPort, accountId, drain);
  }
}
