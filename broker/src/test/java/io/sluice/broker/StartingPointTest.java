package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.log.PartitionLog;
import io.sluice.log.TimestampedOffset;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StartingPointTest {

  private static final StartingPoint EPOCH = new StartingPoint.At(Instant.EPOCH);

  private final AtomicLong highWatermark = new AtomicLong(7);

  /** A partition where five records become readable while somebody searches it. */
  private PartitionLog log(Optional<TimestampedOffset> found) {
    return (PartitionLog)
        Proxy.newProxyInstance(
            PartitionLog.class.getClassLoader(),
            new Class<?>[] {PartitionLog.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "highWatermark" -> highWatermark.get();
                  case "findByTimestamp" -> {
                    highWatermark.addAndGet(5);
                    yield found;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @Test
  void a_time_is_where_its_record_is() {
    assertEquals(3, EPOCH.in(log(Optional.of(new TimestampedOffset(0, 3, 0)))));
  }

  @Test
  void what_becomes_readable_during_the_search_for_a_time_is_not_passed_over() {
    assertEquals(7, EPOCH.in(log(Optional.empty())));
  }
}
