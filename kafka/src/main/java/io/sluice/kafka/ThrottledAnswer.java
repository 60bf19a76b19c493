package io.sluice.kafka;

import java.util.Optional;
import org.apache.kafka.common.requests.AbstractResponse;

/** An answer to come that tells its client to pause. */
record ThrottledAnswer(PipelinedApi.Pending pending, int throttleMs)
    implements PipelinedApi.Pending {

  @Override
  public boolean isDone() {
    return pending.isDone();
  }

  @Override
  public void start() {
    pending.start();
  }

  @Override
  public void flush() {
    pending.flush();
  }

  @Override
  public Optional<AbstractResponse> await() throws InterruptedException {
    Optional<AbstractResponse> answer = pending.await();
    answer.ifPresent(response -> response.maybeSetThrottleTimeMs(throttleMs));
    return answer;
  }
}
