package io.sluice.server;

/** docs/configuration.md, made from {@link Settings}. */
final class SettingsDocument {

  private SettingsDocument() {}

  static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            <!-- Written from Settings.java: SettingsDocumentTest says how. -->
            # Configuration

            Each setting can be given as a flag of `./sluice serve`, in the environment, or in a Java
            properties file named by `--config FILE` (with the flag's name, without the dashes). Flags win
            over the environment, the environment over the file. An unknown setting is an error.

            | flag | environment | default | what it is |
            | --- | --- | --- | --- |
            """);
    for (Setting<?> setting : Settings.ALL) {
      text.append(
          "| `%s %s` | `%s` | %s | %s |\n"
              .formatted(
                  setting.flag(),
                  setting.parameter().replace("|", "\\|"),
                  setting.environmentVariable(),
                  setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`",
                  setting.description()));
    }
    text.append(
        """

        The launcher itself heeds `SLUICE_HEAP` (the Java heap, default `512m`) and `JAVA_HOME` (when it is
        a JDK of version 25 or later).

        Options of Java itself go into `JAVA_TOOL_OPTIONS`. On a machine with two processors one carrier thread serves SQS
        and SNS ([ADR 006](adr/006-one-carrier-on-two-processors.md)); for large messages, for hundreds of busy clients or
        when the clients run elsewhere `-Djdk.virtualThreadScheduler.parallelism=2` makes it two.
        """);
    return text.toString();
  }
}
