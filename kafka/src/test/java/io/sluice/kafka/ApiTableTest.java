package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/kafka-apis.md is written by this test when it is asked to, and checked otherwise. */
class ApiTableTest {

  private static final String WRITE =
      "./mvnw -pl kafka -am test -Dtest=ApiTableTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dsluice.write-docs=true";
  private static final Path DOCUMENT = Path.of("..", "docs", "kafka-apis.md");

  @TempDir Path folder;
  private RunningListener sluice;
  private KafkaApis apis;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    apis = sluice.apis();
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void the_documentation_lists_every_api_as_it_is() throws IOException {
    ApiTable table = new ApiTable(apis);
    if (Boolean.getBoolean("sluice.write-docs")) {
      Files.writeString(DOCUMENT, table.text());
    }
    String written = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
    assertEquals(table.text(), written, "docs/kafka-apis.md is out of date; run " + WRITE);
  }

  @Test
  void what_kafka_announces_is_served_or_there_is_a_reason() {
    for (ApiKeys key : ApiKeys.brokerApis()) {
      assertNotEquals(apis.serves(key), ApiTable.NOT_SERVED.containsKey(key), key::name);
    }
  }

  /** A comment that names versions names those that are served. */
  @Test
  void comments_name_the_versions_that_are_served() {
    ApiTable table = new ApiTable(apis);
    int named = 0;
    for (ApiKeys key : ApiKeys.brokerApis()) {
      if (apis.serves(key)) {
        Matcher versions =
            Pattern.compile("^" + key.name + ", ([0-9]+(?:–[0-9]+)?)").matcher(table.head(key));
        if (versions.find()) {
          assertEquals(ApiTable.versions(key), versions.group(1), key.name);
          named++;
        }
      }
    }
    assertTrue(named > 20, "headers name versions");
  }
}
