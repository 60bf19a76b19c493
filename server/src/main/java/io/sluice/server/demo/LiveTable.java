package io.sluice.server.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows who received what, again and again, on a thread of its own: in place on a terminal,
 * otherwise one line every few seconds.
 */
final class LiveTable implements AutoCloseable {

  private static final Duration TERMINAL_PERIOD = Duration.ofMillis(250);
  private static final Duration PIPE_PERIOD = Duration.ofSeconds(3);

  private final PrintStream out;
  private final boolean terminal;
  private final Shop shop;
  private final List<Team> teams = new ArrayList<>();
  private final Thread thread;
  private int linesShown;

  LiveTable(PrintStream out, boolean terminal, Cast cast) {
    this.out = out;
    this.terminal = terminal;
    this.shop = cast.shop;
    teams.addAll(cast.teams());
    teams.addAll(cast.latecomers());
    this.thread = Thread.ofVirtual().name("live-table").start(this::refresh);
  }

  private void refresh() {
    try {
      while (true) {
        Thread.sleep(terminal ? TERMINAL_PERIOD : PIPE_PERIOD);
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    if (terminal) {
      erase();
      List<String> lines = lines();
      lines.forEach(out::println);
      linesShown = lines.size();
    } else {
      StringBuilder line = new StringBuilder("  published " + shop.acknowledgedCount());
      teams.forEach(team -> line.append("  ").append(team.name()).append(' ').append(team.count()));
      out.println(line);
    }
    out.flush();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "  %-10s %7d   SNS %d, Kafka %d",
            "published",
            shop.acknowledgedCount(),
            shop.throughSns(),
            shop.throughKafka()));
    for (Team team : teams) {
      lines.add(
          String.format(Locale.ROOT, "  %-10s %7d   %s", team.name(), team.count(), workers(team)));
    }
    return lines;
  }

  private static String workers(Team team) {
    StringBuilder text = new StringBuilder();
    team.byWorker().forEach((worker, count) -> text.append(worker + " " + count + "  "));
    return text.toString().stripTrailing();
  }

  private void erase() {
    if (linesShown > 0) {
      out.print("\u001b[" + linesShown + "A\u001b[J");
      linesShown = 0;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    show();
  }
}
