package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.server.demo.BrokerCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice demo}, the README's first command. */
class DemoTest {

  @TempDir Path folder;

  @Test
  void the_demo_plays_to_the_end_and_every_check_holds() {
    List<String> command =
        new ArrayList<>(BrokerCommand.ofClassPath(System.getProperty("java.class.path")));
    command.addAll(List.of("demo", "--orders", "300"));

    ForeignProgram.Output output =
        ForeignProgram.run(folder, "", command.toArray(String[]::new)).mustSucceed();

    assertTrue(output.text().contains("checks hold"), output.text());
    assertFalse(output.text().contains("FAILED"), output.text());
  }
}
