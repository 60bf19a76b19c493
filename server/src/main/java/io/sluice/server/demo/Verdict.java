package io.sluice.server.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what the shop knows to be acknowledged with what the teams' clients really received;
 * nothing is taken from the broker's word. Owned by one thread.
 */
final class Verdict {

  private final Checks checks;
  private final Cast cast;

  Verdict(Checks checks, Cast cast) {
    this.checks = checks;
    this.cast = cast;
  }

  /** Every order reached every team, one worker in each, in order. */
  void steadyState() {
    for (Team team : cast.teams()) {
      complete(team, "while all is well");
      checks.that(
          team.repeated().isEmpty(),
          "%s: each order went to one worker only (%d repeated); %s"
              .formatted(team.name(), team.repeated().size(), team.byWorker()));
      inOrder(team);
    }
  }

  /** What died with a worker came back, and the dead member's partitions moved. */
  void deaths(List<Order> abandoned, int partitions) {
    cast.teams().forEach(team -> complete(team, "despite the deaths"));
    Set<Integer> abandonedIds = new HashSet<>();
    abandoned.forEach(order -> abandonedIds.add(order.id()));
    long redelivered =
        cast.dispatch.receipts().stream()
            .filter(receipt -> abandonedIds.contains(receipt.order().id()))
            .filter(receipt -> receipt.attempt() > 1 && receipt.worker().equals("dispatch-2"))
            .map(receipt -> receipt.order().id())
            .distinct()
            .count();
    checks.that(
        !abandoned.isEmpty() && redelivered == abandoned.size(),
        "dispatch: %d of %d orders that died with a worker came back to another"
            .formatted(redelivered, abandoned.size()));
    Set<Integer> owned = cast.ownedBySurvivors();
    checks.that(
        owned.size() == partitions,
        "metrics: the survivors own all %d partitions: %s".formatted(partitions, owned));
  }

  /** Nothing acknowledged is missing for anyone, and what arrived is in order. */
  void crash() {
    cast.teams().forEach(team -> complete(team, "after kill -9"));
    cast.teams().forEach(this::inOrder);
  }

  /** The latecomers know all of history, and the queues are empty. */
  void history() {
    complete(cast.historyGroup, "by auto.offset.reset=earliest");
    complete(cast.historyQueue, "by ReplayPolicy");
    int left = cast.leftInQueues();
    checks.that(left == 0, "the queues are empty by their own count: " + left + " left");
  }

  private void complete(Team team, String circumstances) {
    Set<Integer> acknowledged = cast.shop.acknowledged();
    int missing = team.missing(acknowledged).size();
    checks.that(
        missing == 0 && !acknowledged.isEmpty(),
        "%s: %d of %d acknowledged orders received, %s"
            .formatted(
                team.name(), acknowledged.size() - missing, acknowledged.size(), circumstances));
  }

  private void inOrder(Team team) {
    int violations = team.outOfOrder();
    checks.that(
        violations == 0,
        team.name() + ": each customer's orders arrived in order (" + violations + " did not)");
  }
}
