package io.sluice.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the resident memory of a JVM consists of, in bytes.
 *
 * @param classes its AOT cache
 * @param files every other mapped file: the JVM's own code, the libraries
 * @param anonymous heap, compiled code, threads, and what the JVM itself allocates
 */
public record ResidentMemory(long classes, long files, long anonymous) {

  /** {@code proc_pid_smaps(5)}: a mapping begins with its range; a file has its path at the end. */
  private static final Pattern MAPPING = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");

  private static final String RESIDENT = "Rss:";

  /** Of a process; empty where there is no {@code /proc}. */
  static Optional<ResidentMemory> of(long pid) throws IOException {
    Path smaps = Path.of("/proc", Long.toString(pid), "smaps");
    return Files.isReadable(smaps)
        ? Optional.of(parse(Files.readAllLines(smaps)))
        : Optional.empty();
  }

  /** The sum over mappings, of the lines of {@code /proc/PID/smaps}. */
  static ResidentMemory parse(List<String> lines) {
    long classes = 0;
    long files = 0;
    long anonymous = 0;
    String mapping = "";
    for (String line : lines) {
      if (MAPPING.matcher(line).matches()) {
        mapping = line;
      } else if (line.startsWith(RESIDENT)) {
        long bytes = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        if (mapping.endsWith(".aot")) {
          classes += bytes;
        } else if (mapping.contains(" /")) {
          files += bytes;
        } else {
          anonymous += bytes;
        }
      }
    }
    return new ResidentMemory(classes, files, anonymous);
  }
}
