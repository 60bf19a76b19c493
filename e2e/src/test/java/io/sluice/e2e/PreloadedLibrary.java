package io.sluice.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A page of C that comes between a real process and libc. */
final class PreloadedLibrary {

  private PreloadedLibrary() {}

  /**
   * Compiles {@code name.c} into {@code home}; without Linux and gcc, the test is skipped by that
   * name.
   */
  static Path compile(String name, Path home) throws IOException, InterruptedException {
    Assumptions.assumeTrue("Linux".equals(System.getProperty("os.name")), "this is not Linux");
    Path source = home.resolve(name + ".c");
    Path library = home.resolve(name + ".so");
    try (InputStream in =
        PreloadedLibrary.class.getResourceAsStream("/preload/" + source.getFileName())) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    Process gcc;
    try {
      gcc =
          new ProcessBuilder(
                  "gcc",
                  "-shared",
                  "-fPIC",
                  "-O1",
                  "-Wall",
                  "-Werror",
                  "-o",
                  library.toString(),
                  source.toString(),
                  "-ldl",
                  "-lpthread")
              .inheritIO()
              .start();
    } catch (IOException e) {
      Assumptions.abort("there is no gcc");
      throw e;
    }
    if (!gcc.waitFor(60, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
      throw new IllegalStateException(source + " cannot be compiled");
    }
    return library;
  }
}
