package io.sluice.server.assembly;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;

/** A Java runtime of only the modules that Sluice needs, made by {@code jlink}. */
final class RuntimeImage {

  /**
   * What {@code jdeps} finds in the jars, and what one wants while a server runs: flight recordings
   * and socket options. Without the management of the JDK itself (its beans for compilers, memory
   * pools and flight recordings take longer to set up than everything of Kafka's that asks for
   * them) and without the desktop, for which jackson-databind merely looks.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.xml",
          "jdk.jfr",
          "jdk.net",
          "jdk.unsupported");

  private RuntimeImage() {}

  /**
   * Makes the image.
   *
   * @return what is wrong with this JDK, when it cannot: some have no {@code jlink}, some no
   *     modules to link
   * @throws IOException only if the folder cannot be written
   */
  static Optional<String> make(Path folder) throws IOException {
    Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
    if (jlink.isEmpty()) {
      return Optional.of("this JDK has no jlink");
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int exitCode =
        jlink
            .get()
            .run(
                out,
                out,
                "--add-modules",
                String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                "--output",
                folder.toString());
    if (exitCode == 0) {
      return Optional.empty();
    }
    Folders.delete(folder);
    return Optional.of(said.toString().strip());
  }
}
