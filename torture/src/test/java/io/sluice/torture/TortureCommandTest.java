package io.sluice.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A run that would try nothing is wrong usage, not a success. */
class TortureCommandTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many"})
  void rounds_are_one_or_more(String rounds) {
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new Torture()).setErr(new PrintWriter(errors));

    assertEquals(2, command.execute("--rounds", rounds));
    assertTrue(errors.toString().contains("--rounds"), errors::toString);
  }
}
