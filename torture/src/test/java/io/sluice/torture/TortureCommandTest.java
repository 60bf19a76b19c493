package io.sluice.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A run that would try nothing is wrong usage, not a success. */
class TortureCommandTest {

  @ParameterizedTest
  @CsvSource({
    "--rounds, 0",
    "--rounds, -1",
    "--rounds, many",
    "--check-every, 0",
    "--soak, 0",
    "--soak, long"
  })
  void rounds_and_minutes_are_one_or_more(String option, String value) {
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new Torture()).setErr(new PrintWriter(errors));

    assertEquals(2, command.execute(option, value));
    assertTrue(errors.toString().contains(option), errors::toString);
  }
}
