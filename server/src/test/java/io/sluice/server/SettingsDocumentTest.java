package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is written by this test when it is asked to, and checked otherwise. */
class SettingsDocumentTest {

  private static final String WRITE =
      "./mvnw -pl server -am test -Dtest=SettingsDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.write-docs=true";
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  @Test
  void the_documentation_lists_every_setting_as_it_is() throws IOException {
    if (Boolean.getBoolean("sluice.write-docs")) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, SettingsDocument.text());
    }
    String written = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
    assertEquals(
        SettingsDocument.text(), written, "docs/configuration.md is out of date; run " + WRITE);
  }
}
