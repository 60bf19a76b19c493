package io.sluice.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of text, written as Markdown that is also readable as it is. Owned by one thread. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with nothing but its head. */
  public Table(String... columns) {
    rows.add(List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException when there are not as many cells as columns
   */
  public Table add(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for the columns " + rows.getFirst());
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Markdown, with a line feed at the end of each row. */
  public String markdown() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      append(text, rows.get(row), widths);
      if (row == 0) {
        append(text, Collections.nCopies(columns, "---"), widths);
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> row, int[] widths) {
    text.append('|');
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      text.append(' ').append(cell).repeat(' ', widths[column] - cell.length()).append(" |");
    }
    text.append('\n');
  }
}
