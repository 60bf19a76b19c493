package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a command is about: named as parameters, or with the option of Kafka's own tools. */
abstract sealed class Names {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /** What is named, in singular. */
  private final String kind;

  private Names(String kind) {
    this.kind = kind;
  }

  /** Everything that was named, in order. */
  abstract List<String> all();

  /** The command that was called. */
  CommandSpec command() {
    return command;
  }

  /** At least one name; none is wrong usage. */
  List<String> some() {
    if (all().isEmpty()) {
      throw new ParameterException(command.commandLine(), "Missing: the name of a " + kind);
    }
    return all();
  }

  /** The one name; none or several are wrong usage. */
  String one() {
    if (some().size() > 1) {
      throw new ParameterException(
          command.commandLine(), "One " + kind + " at a time, not " + String.join(", ", all()));
    }
    return all().getFirst();
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Topics. */
  static final class OfTopics extends Names {

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "A topic's name.")
    private List<String> parameters = new ArrayList<>();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The same, as Kafka's tools.")
    private List<String> options = new ArrayList<>();

    OfTopics() {
      super("topic");
    }

    @Override
    List<String> all() {
      return joined(parameters, options);
    }
  }

  /** Consumer groups. */
  static final class OfGroups extends Names {

    @Parameters(paramLabel = "GROUP", arity = "0..*", description = "A group's id.")
    private List<String> parameters = new ArrayList<>();

    @Option(names = "--group", paramLabel = "GROUP", description = "The same, as Kafka's tools.")
    private List<String> options = new ArrayList<>();

    OfGroups() {
      super("group");
    }

    @Override
    List<String> all() {
      return joined(parameters, options);
    }
  }
}
