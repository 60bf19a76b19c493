package io.sluice.server.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a merged jar is what was found on the class path. */
class MergedJarTest {

  @TempDir Path folder;

  @Test
  void the_first_of_two_classes_is_the_one() throws IOException {
    Path first = jar("first.jar", false, Map.of("a/A.class", "1", "a/B.class", "1"));
    Path second = jar("second.jar", false, Map.of("a/A.class", "2", "a/C.class", "2"));
    assertEquals(
        Map.of("a/A.class", "1", "a/B.class", "1", "a/C.class", "2"), merged(first, second));
  }

  @Test
  void lists_of_services_are_joined() throws IOException {
    Path first = jar("first.jar", false, Map.of("META-INF/services/a.Service", "a.First"));
    Path second = jar("second.jar", false, Map.of("META-INF/services/a.Service", "a.Second\n"));
    Path third = jar("third.jar", false, Map.of("META-INF/services/a.Service", "a.Third"));
    assertEquals(
        Map.of("META-INF/services/a.Service", "a.First\na.Second\n\na.Third"),
        merged(first, second, third));
  }

  @Test
  void licences_are_kept_once_each() throws IOException {
    Path first = jar("first.jar", false, Map.of("META-INF/LICENSE", "free"));
    Path second = jar("second.jar", false, Map.of("META-INF/LICENSE", "free"));
    Path third = jar("third.jar", false, Map.of("META-INF/LICENSE", "freer"));
    assertEquals(
        Map.of("META-INF/LICENSE", "free", "META-INF/jars/third.jar/META-INF/LICENSE", "freer"),
        merged(first, second, third));
  }

  @Test
  void modules_and_signatures_are_left_out() throws IOException {
    Path first =
        jar(
            "first.jar",
            true,
            Map.of(
                "module-info.class", "m",
                "META-INF/versions/9/module-info.class", "m",
                "META-INF/KEY.SF", "s",
                "META-INF/KEY.RSA", "s",
                "META-INF/versions/21/a/A.class", "21"));
    assertEquals(Map.of("META-INF/versions/21/a/A.class", "21"), merged(first));
  }

  @Test
  void versions_of_any_of_them_stay_in_effect() throws IOException {
    Path first = jar("first.jar", false, Map.of("a/A.class", "1"));
    Path second = jar("second.jar", true, Map.of("META-INF/versions/21/a/B.class", "21"));
    merged(first, second);
    try (JarFile jar = new JarFile(folder.resolve("merged.jar").toFile())) {
      assertTrue(jar.isMultiRelease());
    }
  }

  @Test
  void versions_that_had_no_effect_are_not_given_one() throws IOException {
    Path first = jar("first.jar", false, Map.of("META-INF/versions/21/a/A.class", "21"));
    IOException refused = assertThrows(IOException.class, () -> merged(first));
    assertTrue(refused.getMessage().contains("first.jar"), refused::getMessage);
  }

  private Map<String, String> merged(Path... jars) throws IOException {
    Path target = folder.resolve("merged.jar");
    MergedJar.write(List.of(jars), target);
    Map<String, String> files = new TreeMap<>();
    try (JarFile jar = new JarFile(target.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        files.put(entry.getName(), new String(jar.getInputStream(entry).readAllBytes(), UTF_8));
      }
    }
    files.remove("META-INF/MANIFEST.MF");
    return files;
  }

  private Path jar(String name, boolean multiRelease, Map<String, String> files)
      throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (multiRelease) {
      manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    }
    Path file = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (Map.Entry<String, String> entry : files.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(UTF_8));
        out.closeEntry();
      }
    }
    return file;
  }
}
