package io.sluice.server.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts together what {@code ./sluice} runs, in a folder that needs nothing outside it:
 *
 * <ul>
 *   <li>{@code sluice.jar}: the server, and by its manifest {@code libraries.jar}: all that it
 *       depends on, in one jar; {@code jars} says what these were made of
 *   <li>{@code image}: a Java runtime, where this JDK can make one
 *   <li>{@code serve.options}, {@code command.options}: how to call Java
 *   <li>{@code serve.aot}, {@code command.aot}: AOT caches, trained with a rehearsal
 * </ul>
 *
 * <p>A cache is good only for jars of the very same time and size, which any other build would
 * change: so they are made anew only when something in them has changed. A file beside the folder
 * holds the version of this JDK and its home, which runs Sluice where there is no image; it is as
 * old as the beginning of the build, so that the launcher sees which sources have changed since.
 */
public final class Assembly {

  private static final String MAIN_JAR = "sluice.jar";

  /** As in the manifest of the main jar. */
  private static final String LIBRARIES_JAR = "libraries.jar";

  private static final String JARS = "jars";
  private static final String MAIN_CLASS = "io.sluice.server.Main";

  /** As in the launcher, so that what the JVM derives from it is what the cache was made for. */
  private static final String HEAP = "-Xmx512m";

  private final Path folder;
  private final Path java;

  private Assembly(Path folder, Path java) {
    this.folder = folder;
    this.java = java;
  }

  /**
   * Assembles, unless everything is there and of these jars and this JDK.
   *
   * @param arguments the folder of the jars, the main jar's name in it, the folder to make, and the
   *     instant at which the build began
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<Path> jars = jars(Path.of(arguments[0]), arguments[1]);
    Path folder = Path.of(arguments[2]);
    List<String> jdk = List.of(Runtime.version().toString(), System.getProperty("java.home"));
    Path built = folder.resolveSibling(folder.getFileName() + "-built");
    if (!isUpToDate(folder, jars)
        || !Files.exists(built)
        || !Files.readAllLines(built).equals(jdk)) {
      Files.deleteIfExists(built);
      new Assembly(folder, put(jars, folder, Path.of(jdk.getLast()))).rehearse();
    }
    Files.write(built, jdk);
    Files.setLastModifiedTime(built, FileTime.from(Instant.parse(arguments[3])));
  }

  /** Puts everything in place but the caches; the answer is the Java to run it with. */
  private static Path put(List<Path> jars, Path folder, Path jdk) throws IOException {
    Path half = folder.resolveSibling(folder.getFileName() + ".new");
    Folders.delete(half);
    Files.createDirectories(half);
    Files.copy(jars.getFirst(), half.resolve(MAIN_JAR), StandardCopyOption.COPY_ATTRIBUTES);
    MergedJar.write(jars.subList(1, jars.size()), half.resolve(LIBRARIES_JAR));
    Files.write(half.resolve(JARS), described(jars));
    for (JavaOptions options : JavaOptions.values()) {
      Files.write(half.resolve(options.optionsFile()), options.lines());
    }
    Optional<String> problem = RuntimeImage.make(half.resolve("image"));
    problem.ifPresent(text -> warn("runs on the JDK, for want of a smaller image: " + text));
    Folders.delete(folder);
    Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
    return (problem.isEmpty() ? folder.resolve("image") : jdk).resolve(Path.of("bin", "java"));
  }

  /** A server that runs meanwhile has its jars open: deleting them does it no harm. */
  private void rehearse() throws IOException, InterruptedException {
    Path log = folder.resolve("rehearsal.log");
    List<String> command = command(JavaOptions.COMMAND, List.of());
    command.addAll(List.of("rehearse", "--"));
    command.addAll(command(JavaOptions.SERVE, List.of(HEAP)));
    Process rehearsal =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (rehearsal.waitFor() != 0 || !cachesAreIn(folder)) {
      warn("starts will be slower: " + log + " says why");
    }
  }

  /** In the order of the class path: the main jar, then the others by name. */
  private static List<Path> jars(Path folder, String mainJar) throws IOException {
    Path main = folder.resolve(mainJar);
    try (Stream<Path> files = Files.list(folder)) {
      return Stream.concat(Stream.of(main), files.filter(file -> !file.equals(main)).sorted())
          .toList();
    }
  }

  /** Name, size and time of each. */
  private static List<String> described(List<Path> jars) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path jar : jars) {
      lines.add(jar.getFileName() + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar));
    }
    return lines;
  }

  private static boolean isUpToDate(Path folder, List<Path> jars) throws IOException {
    Path there = folder.resolve(JARS);
    return cachesAreIn(folder)
        && Files.exists(there)
        && Files.readAllLines(there).equals(described(jars));
  }

  private static boolean cachesAreIn(Path folder) {
    return Stream.of(JavaOptions.values())
        .allMatch(options -> Files.exists(folder.resolve(options.cacheFile())));
  }

  private List<String> command(JavaOptions options, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("@" + folder.resolve(options.optionsFile()));
    command.addAll(more);
    command.add("-XX:AOTCacheOutput=" + folder.resolve(options.cacheFile()));
    command.addAll(List.of("-cp", folder.resolve(MAIN_JAR).toString(), MAIN_CLASS));
    return command;
  }

  private static void warn(String text) {
    System.err.println("sluice: " + text);
  }
}
