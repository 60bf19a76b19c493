package io.sluice.torture.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What topics or queues were made, changed and deleted. Thread-safe. */
public final class CatalogueHistory {

  /** What was made is there, as it was made or changed last; what was deleted is not. */
  public static final String KEPT = "no acknowledged creation, change or deletion is forgotten";

  /**
   * What is known of one.
   *
   * @param value how it was made or changed last; null when it was deleted
   * @param isSure whether that was acknowledged
   */
  private record Known(@Nullable String value, boolean isSure) {}

  private final String kind;
  private final Findings findings;
  private final Map<String, Known> known = new HashMap<>();

  /** A history in which nothing has happened. */
  public CatalogueHistory(String kind, Findings findings) {
    this.kind = kind;
    this.findings = findings;
  }

  /** Something is about to be made or changed to have that value, or to be deleted (null). */
  public synchronized void changing(String name, @Nullable String value) {
    known.put(name, new Known(value, false));
  }

  /** The broker has acknowledged it. */
  public synchronized void changed(String name, @Nullable String value) {
    known.put(name, new Known(value, true));
    findings.acknowledged(1);
  }

  /** Compares with everything that there is. */
  public synchronized void found(Map<String, String> values) {
    known.forEach(
        (name, expected) -> {
          String value = values.get(name);
          if (expected.isSure() && !Objects.equals(expected.value(), value)) {
            findings.broken(
                KEPT,
                "%s %s should be %s and is %s".formatted(kind, name, expected.value(), value));
          }
        });
    findings.checked(KEPT, known.size());
    known.clear();
    values.forEach((name, value) -> known.put(name, new Known(value, true)));
  }
}
