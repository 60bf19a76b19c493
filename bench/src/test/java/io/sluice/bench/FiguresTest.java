package io.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({"0,0", "0.1234,0.123", "1.234,1.23", "12.34,12.3", "123.4,123", "99.96,100"})
  void three_digits_count(double value, String text) {
    assertEquals(text, Figures.digits(value));
  }

  @ParameterizedTest
  @CsvSource({"940,940", "9994,9994", "45123,45.1 k", "999499,999 k", "1060000,1.06 M"})
  void rates_are_short(double value, String text) {
    assertEquals(text, Figures.count(value));
  }

  @ParameterizedTest
  @CsvSource({"262,262 µs", "1350,1.35 ms", "2000000,2.00 s"})
  void latencies_have_the_unit_that_fits(double micros, String text) {
    assertEquals(text, Figures.micros(micros));
  }

  @ParameterizedTest
  @CsvSource({"730,730 B", "81200000,81.2 MB", "1500,1.50 kB", "12000000000,12.0 GB"})
  void bytes_have_the_unit_that_fits(double bytes, String text) {
    assertEquals(text, Figures.bytes(bytes));
  }
}
