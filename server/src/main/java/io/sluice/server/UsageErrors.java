package io.sluice.server;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says in one line what was wrong with the arguments, the nearest right word, and where help is.
 */
final class UsageErrors implements IParameterExceptionHandler {

  /** The exit code of wrong usage: arguments, configuration file or environment. */
  static final int EXIT_CODE = CommandLine.ExitCode.USAGE;

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    System.err.println(line(String.valueOf(e.getMessage()) + nearest(e) + " (" + help + ")"));
    return EXIT_CODE;
  }

  private static String nearest(ParameterException e) {
    List<String> words =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    return words.isEmpty() ? "" : "; did you mean " + words.getFirst() + "?";
  }

  /** An error as this command prints it: one line, whatever the message holds. */
  static String line(String message) {
    return "sluice: " + message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
