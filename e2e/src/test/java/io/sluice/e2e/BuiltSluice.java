package io.sluice.e2e;

import io.sluice.server.demo.BrokerCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What the build has put together, run as {@code ./sluice} runs it. */
final class BuiltSluice {

  private static final Path ASSEMBLY =
      Path.of("").toAbsolutePath().resolveSibling(Path.of("server", "target", "sluice"));
  private static final Path CACHE = ASSEMBLY.resolve("serve.aot");
  private static final Pattern MODULE = Pattern.compile("sluice-(log|broker|kafka|aws|server)-.*");

  private BuiltSluice() {}

  /**
   * The command line of {@code sluice}. When what the launcher runs is older than the test's class
   * path, it is that class path, which starts more slowly.
   */
  static List<String> command() {
    String classPath = System.getProperty("java.class.path");
    return isOf(classPath)
        ? List.of(
            ASSEMBLY.resolve(Path.of("image", "bin", "java")).toString(),
            "@" + ASSEMBLY.resolve("serve.options"),
            "-Xmx512m",
            "-XX:AOTCache=" + CACHE,
            "-cp",
            ASSEMBLY.resolve("sluice.jar").toString(),
            "io.sluice.server.Main")
        : BrokerCommand.ofClassPath(classPath);
  }

  private static boolean isOf(String classPath) {
    List<Path> modules =
        Arrays.stream(classPath.split(System.getProperty("path.separator")))
            .map(Path::of)
            .filter(jar -> MODULE.matcher(jar.getFileName().toString()).matches())
            .toList();
    // Five jars; without a build by Maven there are folders of classes instead.
    return modules.size() == 5
        && Files.exists(CACHE)
        && modules.stream().allMatch(jar -> !isNew(jar));
  }

  private static boolean isNew(Path jar) {
    try {
      return Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(CACHE)) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
