package io.sluice.broker.subscription;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at the snapshots of a data folder that nobody uses, and changes nothing. */
public final class SnapshotCheck {

  private SnapshotCheck() {}

  /**
   * What is damaged, a sentence each.
   *
   * @throws io.sluice.log.DataDirectoryException a newer Sluice wrote one
   */
  public static List<String> of(Path directory) {
    Path snapshots = directory.resolve(Subscriptions.SNAPSHOTS);
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    List<String> damaged = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshots)) {
      for (Path file : files) {
        boolean isSnapshot = file.getFileName().toString().matches("[a-z]+-[0-9]+(\\.before)?");
        if (isSnapshot && !SnapshotFile.isWhole(file)) {
          damaged.add("snapshot " + file + ": damaged");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return damaged;
  }
}
