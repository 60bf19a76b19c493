package io.sluice.server.demo;

import java.nio.file.Path;
import java.util.List;

/** Which command line runs Sluice. */
public final class BrokerCommand {

  /** The launcher script names itself in this environment variable. */
  private static final String LAUNCHER = "SLUICE_LAUNCHER";

  private BrokerCommand() {}

  /**
   * The launcher that started this process; without one, this process's own java and class path.
   */
  public static List<String> ofThisProcess() {
    String launcher = System.getenv(LAUNCHER);
    return launcher == null
        ? ofClassPath(System.getProperty("java.class.path"))
        : List.of(launcher);
  }

  /** This process's java with that class path. */
  public static List<String> ofClassPath(String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        classPath,
        "io.sluice.server.Main");
  }
}
