package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DisconnectLogTest {

  private final List<String> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final DisconnectLog log = new DisconnectLog(lines::add, now::get);

  @Test
  void every_disconnection_is_a_line() {
    log.disconnected("/1.2.3.4:5", "why");
    assertEquals(List.of("/1.2.3.4:5 is disconnected: why"), lines);
  }

  @Test
  void a_flood_is_cut_off_and_counted_once_it_is_over() {
    int flood = DisconnectLog.LINES_PER_MINUTE + 1_000;
    for (int i = 0; i < flood; i++) {
      log.disconnected("x", "why");
    }
    assertEquals(DisconnectLog.LINES_PER_MINUTE, lines.size());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.disconnected("y", "why");
    assertEquals(
        List.of(
            "1000 more clients were disconnected in the minute before", "y is disconnected: why"),
        lines.subList(DisconnectLog.LINES_PER_MINUTE, lines.size()));
  }
}
