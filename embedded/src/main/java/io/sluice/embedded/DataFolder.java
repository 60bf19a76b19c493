package io.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an embedded Sluice keeps its data.
 *
 * @param path the folder
 * @param temporary whether closing deletes it
 */
record DataFolder(Path path, boolean temporary) implements AutoCloseable {

  /** The folder that was asked for, or a new temporary one. */
  static DataFolder of(Optional<Path> wanted) {
    try {
      return wanted.isPresent()
          ? new DataFolder(wanted.get(), false)
          : new DataFolder(Files.createTempDirectory("sluice-"), true);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be created", e);
    }
  }

  @Override
  public void close() {
    if (temporary) {
      try {
        Files.walkFileTree(path, new Deletion());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete " + path, e);
      }
    }
  }

  /** A thread of the log that is just ending may be faster. */
  private static final class Deletion extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
