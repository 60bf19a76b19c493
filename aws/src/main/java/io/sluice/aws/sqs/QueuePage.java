package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of queues. Without {@code MaxResults} it is one of a thousand and no token
 * (Amazon's "ListQueues").
 *
 * @param urls the queues' URLs
 * @param nextToken for the page after this; null when there is none
 */
record QueuePage(List<String> urls, @Nullable String nextToken) {

  /** The page that a request asks for of these names, which are in order. */
  static QueuePage of(List<String> names, @Nullable Integer asked, @Nullable String token) {
    if (asked != null && (asked < 1 || asked > SqsLimits.LIST_RESULTS)) {
      throw SqsErrors.invalidParameter(
          asked,
          "MaxResults",
          "Must be between 1 and " + SqsLimits.LIST_RESULTS + ", if provided.");
    }
    int max = asked == null ? SqsLimits.LIST_RESULTS : asked;
    String after = readToken(token);
    List<String> found =
        names.stream().filter(name -> name.compareTo(after) > 0).limit(max + 1L).toList();
    List<String> page = found.size() > max ? found.subList(0, max) : found;
    String next =
        asked != null && found.size() > max
            ? Base64.getEncoder().encodeToString(page.getLast().getBytes(UTF_8))
            : null;
    return new QueuePage(page.stream().map(QueueDirectory::url).toList(), next);
  }

  private static String readToken(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return "";
    }
    try {
      String name = new String(Base64.getDecoder().decode(token), UTF_8);
      if (QueueDirectory.isLegalName(name)) {
        return name;
      }
    } catch (IllegalArgumentException _) {
      // The same as a token with something else in it.
    }
    throw SqsErrors.invalidParameter(token, "NextToken", "Not a token that ListQueues gave out.");
  }
}
