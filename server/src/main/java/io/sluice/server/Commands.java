package io.sluice.server;

import io.sluice.server.cli.CommandFailedException;
import io.sluice.server.cli.ConsumeCommand;
import io.sluice.server.cli.GroupsCommand;
import io.sluice.server.cli.ProduceCommand;
import io.sluice.server.cli.QueuesCommand;
import io.sluice.server.cli.TopicsCommand;
import io.sluice.server.cli.VerifyCommand;
import io.sluice.server.demo.DemoCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code sluice} command and those below it. */
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "One durable log where Kafka clients and AWS SDKs meet on the same topics.")
final class Commands {

  private Commands() {}

  /** Runs one command: 0 done, 1 failed, 2 wrong usage. */
  static int run(String... arguments) {
    CommandLine commandLine = new CommandLine(new Commands());
    Map<String, Supplier<Object>> all = all();
    // picocli looks through every command it knows by reflection: tell it of the one that is meant.
    Supplier<Object> meant = arguments.length == 0 ? null : all.get(arguments[0]);
    if (meant == null) {
      all.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
    } else {
      commandLine.addSubcommand(arguments[0], meant.get());
    }
    commandLine.setExecutionStrategy(Commands::execute);
    commandLine.setParameterExceptionHandler(new UsageErrors());
    commandLine.setExecutionExceptionHandler(Commands::failed);
    return commandLine.execute(arguments);
  }

  /** In the order of the help. */
  private static Map<String, Supplier<Object>> all() {
    Map<String, Supplier<Object>> all = new LinkedHashMap<>();
    all.put(ServeCommand.NAME, ServeCommand::commandLine);
    all.put("demo", DemoCommand::new);
    all.put("topics", TopicsCommand::new);
    all.put("groups", GroupsCommand::new);
    all.put("queues", QueuesCommand::new);
    all.put("produce", ProduceCommand::new);
    all.put("consume", ConsumeCommand::new);
    all.put("verify", VerifyCommand::new);
    all.put("rehearse", Rehearsal::new);
    return all;
  }

  private static int failed(Exception e, CommandLine commandLine, ParseResult parsed) {
    String message = String.valueOf(e instanceof CommandFailedException ? e.getMessage() : e);
    System.err.println(UsageErrors.line(message));
    return 1;
  }

  private static int execute(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    if (!parsed.hasSubcommand()) {
      parsed.commandSpec().commandLine().usage(System.out);
      return 0;
    }
    if (parsed.subcommand().commandSpec().name().equals(ServeCommand.NAME)) {
      return ServingProcess.run(ServeFlags.of(parsed.subcommand()));
    }
    LogLines.quiet();
    return new CommandLine.RunLast().execute(parsed);
  }
}
