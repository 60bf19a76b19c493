package io.sluice.bench;

import java.util.Locale;

/** How figures are written: three significant digits, and a unit that a human reads. */
public final class Figures {

  private Figures() {}

  /** A count or a rate: {@code 940}, {@code 45.1 k}, {@code 1.06 M}. */
  public static String count(double value) {
    if (value >= 999_500) {
      return digits(value / 1e6) + " M";
    }
    return value >= 9_995 ? digits(value / 1e3) + " k" : digits(value);
  }

  /** Bytes: {@code 81 MB}, in powers of 1,000. */
  public static String bytes(double value) {
    if (value >= 999_500_000) {
      return digits(value / 1e9) + " GB";
    }
    if (value >= 999_500) {
      return digits(value / 1e6) + " MB";
    }
    return value >= 999.5 ? digits(value / 1e3) + " kB" : digits(value) + " B";
  }

  /** A duration given in microseconds: {@code 262 µs}, {@code 1.35 ms}, {@code 2.00 s}. */
  public static String micros(double value) {
    if (value >= 999_500) {
      return digits(value / 1e6) + " s";
    }
    return value >= 999.5 ? digits(value / 1e3) + " ms" : digits(value) + " µs";
  }

  /** A factor: {@code 1.31×}. */
  public static String times(double value) {
    return digits(value) + "×";
  }

  /** Three significant digits, never an exponent. */
  public static String digits(double value) {
    double size = Math.abs(value);
    int decimals = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
