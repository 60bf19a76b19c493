package io.sluice.aws;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages from driving the broker of the person who looks at them. Requests are not
 * authenticated, and a page may send some kinds of request anywhere, the reader's own machine
 * included. Browsers mark them, SDKs never do:
 *
 * <ul>
 *   <li>{@code Origin} (sent with every POST) must be a page that this machine serves;
 *   <li>{@code Sec-Fetch-Site} (sent with every request) must be {@code none}, which is a person
 *       typing an address, or {@code same-origin} at a loopback name. Elsewhere the page's host
 *       name may have been pointed at this machine only after the page was loaded ("DNS
 *       rebinding").
 * </ul>
 */
final class BrowserGuard {

  private BrowserGuard() {}

  /** Why the request is refused; null when it is not. */
  static @Nullable String refusal(
      @Nullable String origin, @Nullable String fetchSite, String host) {
    if (origin != null && !isLoopbackOrigin(origin)) {
      return "Requests from web pages of other machines are refused.";
    }
    if (fetchSite == null || fetchSite.equals("none")) {
      return null;
    }
    return fetchSite.equals("same-origin") && isLoopbackOrigin("http://" + host)
        ? null
        : "Requests from web pages of other sites are refused.";
  }

  private static boolean isLoopbackOrigin(String origin) {
    String host;
    try {
      host = URI.create(origin).getHost();
    } catch (IllegalArgumentException e) {
      return false;
    }
    return host != null
        && (host.equals("localhost")
            || host.endsWith(".localhost")
            || host.equals("127.0.0.1")
            || host.equals("[::1]"));
  }
}
