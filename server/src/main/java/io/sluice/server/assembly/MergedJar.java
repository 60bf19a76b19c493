package io.sluice.server.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * One jar with the content of many, as they would be found on a class path in their order: a start
 * opens and looks through every jar of its class path, which costs time and memory for each.
 *
 * <p>Of files with the same name the first stays, except that lists of services are joined, and
 * that texts which differ (licences and the like) are kept in a folder named after their jar.
 * Nothing is compressed. Multi-release jars stay what they are; modules become plain class path.
 */
final class MergedJar {

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String MANIFEST_TEXT =
      "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n";

  /** Read with {@code ClassLoader.getResources}: every jar's list counts. */
  private static final Pattern LIST = Pattern.compile("META-INF/(services/.+|helidon/manifest)");

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/MANIFEST\\.MF|(.*/)?module-info\\.class|META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private MergedJar() {}

  /**
   * Writes a jar.
   *
   * @param jars in the order of the class path
   * @throws IOException also if a jar has versions for other releases without saying so: they would
   *     take effect
   */
  static void write(List<Path> jars, Path target) throws IOException {
    MergedJar merged = new MergedJar();
    for (Path jar : jars) {
      merged.add(jar);
    }
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
      out.setMethod(ZipOutputStream.STORED);
      put(out, MANIFEST, MANIFEST_TEXT.getBytes(UTF_8));
      for (Map.Entry<String, byte[]> file : merged.files.entrySet()) {
        put(out, file.getKey(), file.getValue());
      }
    }
  }

  private void add(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      Collection<JarEntry> entries = jar.stream().filter(entry -> !entry.isDirectory()).toList();
      for (JarEntry entry : entries) {
        String name = entry.getName();
        if (LEFT_OUT.matcher(name).matches()) {
          continue;
        }
        if (name.startsWith("META-INF/versions/") && !jar.isMultiRelease()) {
          throw new IOException(path + " has " + name + " but is no multi-release jar");
        }
        add(path, name, jar.getInputStream(entry).readAllBytes());
      }
    }
  }

  private void add(Path jar, String name, byte[] content) {
    byte[] there = files.putIfAbsent(name, content);
    if (there == null || Arrays.equals(there, content)) {
      return;
    }
    if (LIST.matcher(name).matches()) {
      files.put(
          name, (new String(there, UTF_8) + "\n" + new String(content, UTF_8)).getBytes(UTF_8));
    } else if (!name.endsWith(".class")) {
      files.put("META-INF/jars/" + jar.getFileName() + "/" + name, content);
    }
  }

  private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ANY_TIME);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
