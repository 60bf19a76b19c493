package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/aws-apis.md is written by this test when it is asked to, and checked otherwise. */
class ActionTableTest {

  private static final String WRITE =
      "./mvnw -pl aws -am test -Dtest=ActionTableTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dsluice.write-docs=true";
  private static final Path DOCUMENT = Path.of("..", "docs", "aws-apis.md");

  @RegisterExtension final EmbeddedServices embedded = new EmbeddedServices();
  private ActionTable table;

  @BeforeEach
  void open() {
    table = new ActionTable(embedded.broker());
  }

  @Test
  void the_documentation_lists_every_action_as_it_is() throws IOException {
    if (Boolean.getBoolean("sluice.write-docs")) {
      Files.writeString(DOCUMENT, table.text());
    }
    String written = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
    assertEquals(table.text(), written, "docs/aws-apis.md is out of date; run " + WRITE);
  }

  @Test
  void an_action_is_served_or_there_is_a_reason() {
    table
        .services()
        .forEach(
            (name, service) -> {
              for (String action : service.operationNames()) {
                assertNotEquals(
                    ActionTable.isServed(service, action),
                    service.model().reasonFor(action).isPresent(),
                    name + " " + action + ": see left-out in the service's data file");
              }
            });
  }

  @Test
  void the_error_gives_the_reason() {
    table
        .services()
        .forEach(
            (name, service) -> {
              for (String action : service.operationNames()) {
                Operation operation = service.operation(action).orElseThrow();
                if (operation.call() == null) {
                  WireError error =
                      assertThrows(
                              WireError.RequestRejected.class,
                              () -> operation.invoke(operation.request().newBuilder()))
                          .error();
                  String reason = service.model().reasonFor(action).orElseThrow();
                  assertTrue(error.message().endsWith(". " + reason), error.message());
                  assertEquals(400, error.status());
                }
              }
            });
  }
}
