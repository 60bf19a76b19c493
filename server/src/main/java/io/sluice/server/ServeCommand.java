package io.sluice.server;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code sluice serve}: its flags are {@link Settings} and {@code --config}. */
final class ServeCommand {

  static final String NAME = "serve";
  static final String CONFIG = "--config";

  private ServeCommand() {}

  static CommandLine commandLine() {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection((Runnable) () -> {})
            .name(NAME)
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
}
