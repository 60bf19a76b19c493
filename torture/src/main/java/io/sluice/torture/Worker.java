package io.sluice.torture;

import io.sluice.torture.history.Findings;
import io.sluice.torture.work.Activity;
import io.sluice.torture.work.Pause;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Repeats one activity until it is told to stop. That the broker is away, or refuses, is no
 * finding; that nothing works any more is for who watches {@link #steps()}.
 */
final class Worker {

  private final Activity activity;
  private final Random random;
  private final Findings findings;
  private final Thread thread;
  private volatile boolean stop;
  private final AtomicLong steps = new AtomicLong();
  private volatile String lastFailure = "none";

  /** Begins. */
  Worker(Activity activity, Random random, Findings findings) {
    this.activity = activity;
    this.random = random;
    this.findings = findings;
    this.thread = Thread.ofPlatform().name(activity.name()).daemon().start(this::run);
  }

  private void run() {
    while (!stop) {
      try {
        activity.step().take(random);
        steps.incrementAndGet();
        Pause.brief(); // the broker and many others share the processors
      } catch (SdkException | KafkaException e) {
        lastFailure = e.toString();
        Pause.whileAway();
      } catch (Exception e) {
        findings.broken("clients get answers that they understand", activity.name() + ": " + e);
        return;
      }
    }
  }

  String name() {
    return activity.name();
  }

  /** How many steps were taken to their end. */
  long steps() {
    return steps.get();
  }

  /** What stopped a step last. */
  String lastFailure() {
    return lastFailure;
  }

  /** The step that is under way is the last. */
  void stop() {
    stop = true;
  }

  /** Whether the last step has ended, after waiting at most so long. */
  boolean hasEnded(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }
}
