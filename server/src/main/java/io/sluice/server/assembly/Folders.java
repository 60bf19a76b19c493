package io.sluice.server.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whole folders. */
final class Folders {

  private Folders() {}

  /** Deletes a folder with what is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  /** Copies files, with their times, into a new folder. */
  static void copy(Map<String, Path> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Files.copy(
          file.getValue(), folder.resolve(file.getKey()), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** Whether a folder holds what {@link #copy} would put there, by name, size and time. */
  static boolean isCopy(Map<String, Path> files, Path folder) throws IOException {
    try (Stream<Path> there = Files.list(folder)) {
      if (!there
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toSet())
          .equals(files.keySet())) {
        return false;
      }
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Path copy = folder.resolve(file.getKey());
      if (Files.size(copy) != Files.size(file.getValue())
          || !Files.getLastModifiedTime(copy).equals(Files.getLastModifiedTime(file.getValue()))) {
        return false;
      }
    }
    return true;
  }
}
