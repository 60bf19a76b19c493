package io.sluice.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code sluice serve}: its flags are {@link Settings} and {@code --config}. */
final class ServeCommand {

  private static final String CONFIG = "--config";

  private ServeCommand() {}

  static CommandLine commandLine() {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection((Runnable) () -> {})
            .name("serve")
            .mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Runs the broker until it is told to stop. Prints one line, ready and the three"
                + " addresses, when all of them answer.");
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .type(Path.class)
            .paramLabel("FILE")
            .description("A Java properties file with settings, named as the flags are.")
            .build());
    for (Setting<?> setting : Settings.ALL) {
      spec.addOption(
          OptionSpec.builder(setting.flag())
              .type(String.class)
              .paramLabel(setting.parameter())
              .description(
                  setting.description()
                      + (setting.defaultValue().isEmpty()
                          ? ""
                          : " Default: " + setting.defaultValue() + "."))
              .build());
    }
    return new CommandLine(spec);
  }

  /**
   * Serves with the flags that were parsed, until a signal ends the process; comes back only with
   * the exit code of a server that could not start.
   */
  static int run(ParseResult parsed) throws InterruptedException {
    Map<String, String> flags = new HashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (parsed.hasMatchedOption(setting.flag())) {
        flags.put(setting.name(), parsed.matchedOptionValue(setting.flag(), ""));
      }
    }
    Optional<Path> file =
        parsed.hasMatchedOption(CONFIG)
            ? Optional.of(parsed.<Path>matchedOptionValue(CONFIG, Path.of("")))
            : Optional.empty();
    LogLines.configure();
    try {
      Server server = Server.start(Configuration.of(file, System.getenv(), flags));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
      System.out.println(server.readyLine());
      System.out.flush();
      Thread.currentThread().join();
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(UsageErrors.line(String.valueOf(e.getMessage())));
      return UsageErrors.EXIT_CODE;
    } catch (StartException e) {
      System.err.println(UsageErrors.line(String.valueOf(e.getMessage())));
      return 1;
    }
  }

  /**
   * Runs when a signal ends the process. The JVM would exit with 128 plus the signal's number,
   * which a supervisor takes for a failure, so this ends it with 0 when everything is stopped.
   */
  private static void stop(Server server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }
}
