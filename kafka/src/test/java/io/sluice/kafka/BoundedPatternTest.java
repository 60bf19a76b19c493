package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern costs what it matches for, and never the heap. */
class BoundedPatternTest {

  private static final String HUGE = "(((a{1000}){1000}){1000})";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        HUGE,
        "((a{1000}){1000})",
        "(?:(?:ab){500}){500}",
        "([^]{}]{1000}){1000}",
        "(\\(a{1000}){1000}",
        "((a{0,1000})*){1000}",
        "((a{1000,}){1000}",
        "(\\{{1000}){1000}",
        "(",
        ")",
        "a{1001}",
        "[",
        "\\1"
      })
  void it_is_refused(String pattern) {
    assertThrows(InvalidRegularExpression.class, () -> BoundedPattern.compile(pattern));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders-.*",
        "",
        "a{1000}",
        "(orders|payments){1,8}-[0-9]{1,3}",
        "[{(]{3}",
        "\\Q(a{1000}){1000}\\E",
        "a{,5}{",
        "(a{100}){100}"
      })
  void it_is_compiled(String pattern) {
    assertEquals(pattern, BoundedPattern.compile(pattern).pattern());
  }

  @Test
  void clients_hear_of_it() throws IOException {
    try (RunningListener sluice = RunningListener.in(folder);
        RawClient client = new RawClient(sluice.connect())) {
      assertEquals(
          Errors.INVALID_REGULAR_EXPRESSION.code(),
          client
              .call(
                  ApiKeys.LIST_TRANSACTIONS,
                  2,
                  new ListTransactionsRequestData().setTransactionalIdPattern(HUGE),
                  ListTransactionsResponseData.class)
              .errorCode());
      assertEquals(
          Errors.INVALID_REGULAR_EXPRESSION.code(),
          client
              .call(
                  ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                  1,
                  new ConsumerGroupHeartbeatRequestData()
                      .setGroupId("g")
                      .setMemberId(Uuid.randomUuid().toString())
                      .setMemberEpoch(0)
                      .setRebalanceTimeoutMs(10_000)
                      .setTopicPartitions(List.of())
                      .setSubscribedTopicRegex(HUGE),
                  ConsumerGroupHeartbeatResponseData.class)
              .errorCode());
    }
  }
}
