package io.sluice.log;

import java.nio.file.Path;

/** What to say of a file that a newer Sluice has written. Holds no state. */
public final class FormatVersions {

  private FormatVersions() {}

  /**
   * Refuses what this version does not know.
   *
   * @throws DataDirectoryException {@code version} is newer than {@code known}
   */
  public static void check(Path file, int version, int known) {
    if (version > known) {
      throw new DataDirectoryException(
          file
              + " has format version "
              + version
              + ", this Sluice knows versions up to "
              + known
              + ": use the newer Sluice that wrote it, or another data folder");
    }
  }
}
