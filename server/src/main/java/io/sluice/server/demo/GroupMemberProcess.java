package io.sluice.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@link GroupMember} in a process of its own, so that it can be killed. Its standard output is
 * one order a line.
 */
final class GroupMemberProcess implements AutoCloseable {

  private final Process process;
  private final Thread reader;

  GroupMemberProcess(
      String bootstrap, String group, String topic, Team team, String name, Path logFile) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            GroupMemberProcess.class.getName(),
            bootstrap,
            group,
            topic);
    try {
      this.process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.reader = Thread.ofVirtual().name(name).start(() -> read(team, name));
  }

  private void read(Team team, String name) {
    try (BufferedReader orders = process.inputReader()) {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        team.received(new Team.Receipt(name, Order.parse(line), 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}: the group hears nothing of it. What the member had printed is counted. */
  void kill() throws InterruptedException {
    // Process.destroyForcibly would close the pipe, with orders in it that are committed.
    process.toHandle().destroyForcibly();
    process.waitFor();
    reader.join();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  /** Runs one member until it is killed: {@code bootstrap group topic}. */
  public static void main(String[] arguments) {
    new GroupMember(
            arguments[0],
            arguments[1],
            "classic",
            arguments[2],
            order -> {
              System.out.println(order.toJson());
              System.out.flush();
            })
        .run();
  }
}
