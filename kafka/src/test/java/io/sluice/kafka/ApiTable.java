package io.sluice.kafka;

import io.sluice.kafka.admin.RefusedApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * docs/kafka-apis.md, made from what is registered: what is particular of an API is what the
 * comment at the head of its class says.
 */
final class ApiTable {

  private static final Path SOURCES = Path.of("src", "main", "java");

  private static final String BETWEEN_BROKERS =
      "Brokers of a cluster keep the state of share groups for each other by it; here it is kept"
          + " with the queues'.";

  /** What a broker of Apache Kafka announces and this one does not, with the reason. */
  static final Map<ApiKeys, String> NOT_SERVED =
      new EnumMap<>(
          Map.of(
              ApiKeys.INITIALIZE_SHARE_GROUP_STATE, BETWEEN_BROKERS,
              ApiKeys.READ_SHARE_GROUP_STATE, BETWEEN_BROKERS,
              ApiKeys.WRITE_SHARE_GROUP_STATE, BETWEEN_BROKERS,
              ApiKeys.DELETE_SHARE_GROUP_STATE, BETWEEN_BROKERS,
              ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY, BETWEEN_BROKERS));

  private final KafkaApis apis;

  ApiTable(KafkaApis apis) {
    this.apis = apis;
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            <!-- Written from the classes of the APIs: ApiTableTest says how. -->
            # Kafka's APIs

            Every API that the Kafka listener serves, in every version that Apache Kafka 4.3 serves, and what is particular
            to this broker: one node that is its own controller and coordinator, without authentication.

            | key | API | versions | what is particular |
            | --- | --- | --- | --- |
            """);
    for (ApiKeys key : ApiKeys.brokerApis()) {
      if (apis.serves(key)) {
        text.append(
            "| %d | %s | %s | %s |\n".formatted(key.id, key.name, versions(key), particular(key)));
      }
    }
    text.append(
        """

        ## What Apache Kafka announces and this broker does not

        | key | API | why |
        | --- | --- | --- |
        """);
    NOT_SERVED.forEach(
        (key, reason) -> text.append("| %d | %s | %s |\n".formatted(key.id, key.name, reason)));
    return text.toString();
  }

  /** As ApiVersions announces them. */
  static String versions(ApiKeys key) {
    int oldest = key.oldestVersion();
    int latest = key.latestVersion(false);
    return oldest == latest ? Integer.toString(oldest) : oldest + "–" + latest;
  }

  private String particular(ApiKeys key) {
    if (apis.find(key).orElse(null) instanceof RefusedApi refused) {
      return "Refused. " + refused.reason();
    }
    String head = head(key);
    String withoutName = head.replaceFirst("^" + key.name + "(, [0-9]+(–[0-9]+)?)?[:.,]? ?", "");
    return withoutName.isEmpty()
        ? "As Apache Kafka."
        : Character.toUpperCase(withoutName.charAt(0)) + withoutName.substring(1);
  }

  /** The comment on the class of an API, as one line of Markdown. */
  String head(ApiKeys key) {
    Class<?> api =
        apis.find(key).<Class<?>>map(Object::getClass).orElseGet(() -> apis.produce().getClass());
    Path source = SOURCES.resolve(api.getName().replace('.', '/') + ".java");
    try {
      Matcher comment =
          Pattern.compile(
                  "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:public )?(?:final )?(?:class|record) ",
                  Pattern.DOTALL)
              .matcher(Files.readString(source));
      if (!comment.find()) {
        throw new IllegalStateException("no comment at the head of " + source);
      }
      return comment
          .group(1)
          .replaceAll("\\n\\s*\\*", "\n")
          .replaceFirst("(?s)\\n\\s*@param.*", "")
          .replaceAll("\\s*<p>", " ")
          .replaceAll("\\{@(?:code|link)\\s+#?([^}]*)\\}", "`$1`")
          .replaceAll("\\s+", " ")
          .replaceAll(" (Immutable|[^.]*safe for use by many threads)\\.", "")
          .replace("|", "\\|")
          .strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
