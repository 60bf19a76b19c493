package io.sluice.server;

import io.sluice.server.cli.CommandFailedException;
import io.sluice.server.cli.ConsumeCommand;
import io.sluice.server.cli.GroupsCommand;
import io.sluice.server.cli.ProduceCommand;
import io.sluice.server.cli.QueuesCommand;
import io.sluice.server.cli.TopicsCommand;
import io.sluice.server.demo.DemoCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code sluice} command. */
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "One durable log where Kafka clients and AWS SDKs meet on the same topics.")
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    // Records and names are UTF-8 whatever the locale; Java would print question marks.
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.addSubcommand("serve", ServeCommand.commandLine());
    commandLine.addSubcommand("demo", new DemoCommand());
    commandLine.addSubcommand("topics", new TopicsCommand());
    commandLine.addSubcommand("groups", new GroupsCommand());
    commandLine.addSubcommand("queues", new QueuesCommand());
    commandLine.addSubcommand("produce", new ProduceCommand());
    commandLine.addSubcommand("consume", new ConsumeCommand());
    commandLine.addSubcommand("rehearse", new Rehearsal());
    commandLine.setExecutionStrategy(Main::execute);
    commandLine.setParameterExceptionHandler(new UsageErrors());
    commandLine.setExecutionExceptionHandler(Main::failed);
    return commandLine.execute(arguments);
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
    if (parsed.subcommand().commandSpec().name().equals("serve")) {
      try {
        return ServeCommand.run(parsed.subcommand());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 1;
      }
    }
    LogLines.quiet();
    return new CommandLine.RunLast().execute(parsed);
  }
}
