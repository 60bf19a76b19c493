package io.sluice.bench;

import java.util.Iterator;

/** The names that the command's help lists. */
final class ScenarioNames implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Scenarios.names().iterator();
  }
}
