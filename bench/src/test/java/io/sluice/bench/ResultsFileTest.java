package io.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

  @TempDir Path folder;

  private static String section(String text, Bar bar) {
    return text + "\n\n" + Bar.markdown(List.of(bar));
  }

  @Test
  void a_run_of_one_scenario_keeps_the_sections_of_the_others() throws Exception {
    Path path = folder.resolve("RESULTS.md");
    ResultsFile file = new ResultsFile(path, List.of("first", "second"));
    file.write("# Old", Map.of("second", "two", "first", "one"));
    file.write("# New", Map.of("second", "deux"));

    String text = Files.readString(path);
    assertTrue(text.startsWith("# New\n"), text);
    assertTrue(text.contains("## first\n\none\n\n## second\n\ndeux\n"), text);
    assertEquals(text.indexOf("## The bar"), text.lastIndexOf("## The bar"));
  }

  @Test
  void all_bars_are_together_at_the_top() throws Exception {
    Path path = folder.resolve("RESULTS.md");
    ResultsFile file = new ResultsFile(path, List.of("first", "second"));
    file.write("# Old", Map.of("first", section("one", new Bar("produce", "≥ 1×", "2×", true))));
    file.write("# New", Map.of("second", section("two", new Bar("send", "≥ 3×", "2×", false))));

    String text = Files.readString(path);
    String top = text.substring(text.indexOf("## The bar"), text.indexOf("## first"));
    assertEquals(
        Bar.markdown(
            List.of(new Bar("produce", "≥ 1×", "2×", true), new Bar("send", "≥ 3×", "2×", false))),
        top.substring(top.indexOf('|')).strip() + "\n");
  }
}
