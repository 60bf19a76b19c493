package io.sluice.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.sns.FilterPolicies;
import io.sluice.broker.RecordFilter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An SNS filter policy judges one message: filter evaluation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBenchmark {

  private static final String BODY =
      "{\"order\":{\"id\":4711,\"customer\":\"c-1\",\"items\":[{\"sku\":\"a\",\"price\":10},"
          + "{\"sku\":\"b\",\"price\":250}]},\"region\":\"eu-west-1\"}";

  private final Record message =
      MemoryRecords.withRecords(
              Compression.NONE,
              new SimpleRecord(
                  0,
                  null,
                  BODY.getBytes(UTF_8),
                  new Header[] {
                    new RecordHeader("team", "team-1".getBytes(UTF_8)),
                    new RecordHeader("region", "eu-west-1".getBytes(UTF_8))
                  }))
          .records()
          .iterator()
          .next();

  private final RecordFilter oneAttribute = filter("{\"team\":[\"team-2\"]}", "MessageAttributes");

  private final RecordFilter twoAttributes =
      filter(
          "{\"team\":[\"team-1\",{\"prefix\":\"x\"}],\"region\":[{\"anything-but\":[\"us-east-1\"]}]}",
          "MessageAttributes");

  private final RecordFilter nestedBody =
      filter(
          "{\"order\":{\"items\":{\"sku\":[\"b\"],\"price\":[{\"numeric\":[\">\",100]}]}}}",
          "MessageBody");

  private static RecordFilter filter(String policy, String scope) {
    return new FilterPolicies()
        .filter(Map.of("FilterPolicy", policy, "FilterPolicyScope", scope))
        .orElseThrow();
  }

  /** One key, which does not match: most subscriptions of a fan-out. */
  @Benchmark
  public boolean oneAttribute() {
    return oneAttribute.matches(message);
  }

  /** Two keys that match. */
  @Benchmark
  public boolean twoAttributes() {
    return twoAttributes.matches(message);
  }

  /** Two keys of an element of an array in the body, which match. */
  @Benchmark
  public boolean nestedBody() {
    return nestedBody.matches(message);
  }
}
