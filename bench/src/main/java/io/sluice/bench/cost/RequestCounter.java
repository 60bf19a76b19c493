package io.sluice.bench.cost;

import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Counts requests and does nothing else, which would count as the SDK's processor time. */
public final class RequestCounter implements ExecutionInterceptor {

  private final LongAdder requests = new LongAdder();

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes about) {
    requests.increment();
  }

  /** What was sent so far. */
  public long requests() {
    return requests.sum();
  }
}
