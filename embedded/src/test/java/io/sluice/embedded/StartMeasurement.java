package io.sluice.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints, and does not judge, what it takes to start, to send and receive a first message, and to
 * close: {@code -Dsluice.measure=true -Dtest=StartMeasurement}.
 */
@EnabledIfSystemProperty(named = "sluice.measure", matches = "true")
class StartMeasurement {

  private static final int STARTS = 20;

  @Test
  void start() {
    List<Long> later = new ArrayList<>();
    for (int i = 0; i <= STARTS; i++) {
      long begin = System.nanoTime();
      Sluice sluice = Sluice.embedded();
      long started = System.nanoTime();
      String queue = sluice.sqs().createQueue(r -> r.queueName("q")).queueUrl();
      sluice.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("m"));
      sluice.sqs().receiveMessage(r -> r.queueUrl(queue));
      long received = System.nanoTime();
      sluice.close();
      long closed = System.nanoTime();
      System.out.printf(
          Locale.ROOT,
          "start %d: %.0f ms, first message %.0f ms, close %.0f ms%n",
          i + 1,
          (started - begin) / 1e6,
          (received - started) / 1e6,
          (closed - received) / 1e6);
      if (i > 0) {
        later.add(started - begin);
      }
    }
    later.sort(null);
    System.out.printf(
        Locale.ROOT,
        "after the first: median %.0f ms, slowest %.0f ms%n",
        later.get(STARTS / 2) / 1e6,
        later.getLast() / 1e6);
  }
}
