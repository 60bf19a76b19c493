package io.sluice.bench;

import java.util.List;

/**
 * A figure beside what was to be reached.
 *
 * @param work as DESIGN.md names it
 */
record Bar(String work, String bar, String measured, boolean met) {

  static String markdown(List<Bar> bars) {
    Table table = new Table("work", "bar", "measured", "met");
    bars.forEach(each -> table.add(each.work, each.bar, each.measured, each.met ? "yes" : "NO"));
    return table.markdown();
  }
}
