package io.sluice.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The process: a server as fast as can be, or one of the {@link Commands}. */
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
    if (arguments.length > 0 && arguments[0].equals(ServeCommand.NAME)) {
      Optional<ServeFlags> flags =
          ServeFlags.plain(Arrays.copyOfRange(arguments, 1, arguments.length));
      if (flags.isPresent()) {
        return ServingProcess.run(flags.get());
      }
    }
    return Commands.run(arguments);
  }
}
