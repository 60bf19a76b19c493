package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler does not hold: banned calls, signs on doors, sizes, nothing left for later. */
class TidyTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of(
          "log",
          "broker",
          "kafka",
          "aws",
          "embedded",
          "junit",
          "client",
          "client-spring",
          "server",
          "e2e");
  private static final int LONGEST_FILE = 400;

  /** Split so that this file does not match itself. */
  private static final Pattern LEFT_FOR_LATER = Pattern.compile("TO" + "DO|FIX" + "ME|XX" + "X\\b");

  @Test
  void time_comes_from_a_clock() throws IOException {
    assertNone(
        main(), Pattern.compile("System\\.currentTimeMillis\\(\\)"), "use the injected clock");
  }

  @Test
  void nothing_is_printed_past_the_log_but_by_commands() throws IOException {
    List<Path> libraries =
        main().stream().filter(file -> !file.startsWith(ROOT.resolve("server"))).toList();
    assertNone(libraries, Pattern.compile("System\\.(out|err)\\b|printStackTrace\\("), "use slf4j");
  }

  @Test
  void nothing_is_left_for_later() throws IOException {
    assertNone(all(), LEFT_FOR_LATER, "do it, or write it into an issue");
  }

  @Test
  void tests_wait_for_conditions() throws IOException {
    List<Path> tests = new ArrayList<>(all());
    tests.removeAll(main());
    assertNone(
        tests,
        Pattern.compile("Thread\\.sle" + "ep\\(|@Disab" + "led"),
        "wait for the condition instead; a test that is off is no test");
  }

  @Test
  void every_package_has_its_sign() throws IOException {
    Set<Path> packages = new TreeSet<>();
    main().forEach(file -> packages.add(file.getParent()));
    List<Path> without =
        packages.stream().filter(dir -> !Files.exists(dir.resolve("package-info.java"))).toList();
    assertEquals(List.of(), without, "packages without package-info.java");
    for (Path dir : packages) {
      String sign = Files.readString(dir.resolve("package-info.java"));
      assertTrue(sign.startsWith("/**"), dir + " has a package-info without a word on it");
    }
  }

  @Test
  void every_promise_is_held_by_tests_that_there_are() throws IOException {
    Set<String> there = new TreeSet<>();
    all().forEach(file -> there.add(file.getFileName().toString()));
    Set<String> missing =
        Pattern.compile("`(\\w+Test)`")
            .matcher(Files.readString(ROOT.resolve(Path.of("docs", "guarantees.md"))))
            .results()
            .map(match -> match.group(1) + ".java")
            .filter(test -> !there.contains(test))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing, "tests that docs/guarantees.md names");
  }

  @Test
  void files_stay_small() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : main()) {
      long lines = Files.readString(file).lines().count();
      if (lines > LONGEST_FILE) {
        tooLong.add(ROOT.relativize(file) + ": " + lines);
      }
    }
    assertEquals(List.of(), tooLong, "files over " + LONGEST_FILE + " lines");
  }

  private static void assertNone(List<Path> files, Pattern banned, String instead)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (banned.matcher(lines.get(i)).find()) {
          found.add(ROOT.relativize(file) + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), found, instead);
  }

  private static List<Path> main() throws IOException {
    return all().stream().filter(file -> file.toString().contains("/src/main/")).toList();
  }

  private static List<Path> all() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> tree = Files.walk(ROOT.resolve(module).resolve("src"))) {
        tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    return files;
  }
}
