package io.sluice.aws.sns;

import java.net.InetAddress;

/**
 * To which addresses messages are posted. Clients choose the endpoints, and nobody checks who they
 * are: whoever may use the AWS port could otherwise have this server call what only it can reach.
 */
public enum HttpDeliveryMode {
  /** Nowhere; Subscribe says so. */
  OFF,
  /**
   * Anywhere but to this machine, and to link-local addresses, where clouds tell a machine its
   * credentials.
   */
  REMOTE,
  /** Besides, to this machine: right where clients are on it anyway. */
  LOCAL,
  /** Anywhere at all. */
  ANY;

  /** Whether messages may be posted to a machine of that address. */
  boolean allows(InetAddress address) {
    return switch (this) {
      case OFF -> false;
      case REMOTE -> !isSpecial(address) && !address.isLoopbackAddress();
      case LOCAL -> !isSpecial(address);
      case ANY -> true;
    };
  }

  private static boolean isSpecial(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress();
  }
}
