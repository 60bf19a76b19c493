package io.sluice.aws.sns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delivery policies: what they may say, and what they mean for retries. */
final class DeliveryPolicyTest {

  private static final String RETRY =
      "{'minDelayTarget':1,'maxDelayTarget':9,'numRetries':%d,'numNoDelayRetries':2,"
          + "'numMinDelayRetries':2,'numMaxDelayRetries':1,'backoffFunction':'%s'}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'throttlePolicy':{}} | Unexpected JSON member: throttlePolicy",
        "{'http':{'x':1}} | Unexpected JSON member: http.x",
        "{'http':[]} | http must be an object",
        "{'http':{'disableSubscriptionOverrides':1}}"
            + " | http.disableSubscriptionOverrides must be true or false",
        "{'http':{'defaultThrottlePolicy':{'maxReceivesPerSecond':0}}} |"
            + " http.defaultThrottlePolicy.maxReceivesPerSecond must be greater than or equal to 1",
        "{'http':{'defaultRequestPolicy':{'headerContentType':'image/png'}}}"
            + " | http.defaultRequestPolicy.headerContentType is not supported: image/png",
        "{'http':{'defaultRequestPolicy':{'headerContentType':7}}}"
            + " | http.defaultRequestPolicy.headerContentType must be a string",
        "{'http':{'defaultHealthyRetryPolicy':{'minDelayTarget':1,'maxDelayTarget':1}}}"
            + " | http.defaultHealthyRetryPolicy.numRetries must be specified"
      })
  void a_topics_policy_that_is_none_is_refused(String policy, String message) {
    assertEquals(
        message,
        assertThrows(
                InvalidDeliveryPolicyException.class,
                () -> DeliveryPolicy.ofTopic(policy.replace('\'', '"')))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'maxDelayTarget':1,'numRetries':1 | minDelayTarget must be specified",
        "'minDelayTarget':1,'numRetries':1 | maxDelayTarget must be specified",
        "'minDelayTarget':0,'maxDelayTarget':1,'numRetries':1"
            + " | minDelayTarget must be greater than or equal to 1",
        "'minDelayTarget':1,'maxDelayTarget':3601,'numRetries':1"
            + " | maxDelayTarget must be less than or equal to 3600",
        "'minDelayTarget':5,'maxDelayTarget':3,'numRetries':1"
            + " | maxDelayTarget must be greater than or equal to minDelayTarget",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':101"
            + " | numRetries must be less than or equal to 100",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':-1"
            + " | numRetries must be greater than or equal to 0",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':1.5 | numRetries must be an integer",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':'1' | numRetries must be an integer",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':1,'numNoDelayRetries':2"
            + " | numRetries must be greater than or equal to total of numMinDelayRetries,"
            + " numNoDelayRetries and numMaxDelayRetries",
        "'minDelayTarget':1,'maxDelayTarget':1,'numRetries':1,'backoffFunction':'x'"
            + " | backoffFunction must be one of linear, arithmetic, geometric, exponential",
        "'minDelayTarget':60,'maxDelayTarget':60,'numRetries':61"
            + " | numRetries must not make the total retry time greater than 3600 seconds"
      })
  void a_retry_policy_that_is_none_is_refused(String fields, String message) {
    String policy = "{'healthyRetryPolicy':{" + fields + "}}";

    assertEquals(
        "healthyRetryPolicy." + message,
        assertThrows(
                InvalidDeliveryPolicyException.class,
                () -> DeliveryPolicy.ofSubscription(policy.replace('\'', '"')))
            .getMessage());
  }

  @Test
  void what_is_no_json_is_refused_with_its_place() {
    String message =
        assertThrows(InvalidDeliveryPolicyException.class, () -> DeliveryPolicy.ofTopic("{x"))
            .getMessage();

    assertEquals(
        "failed to parse JSON. Unexpected character ('x' (code 120)): was expecting double-quote to"
            + " start field name\n"
            + " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);"
            + " line: 1, column: 2]",
        message);
  }

  @ParameterizedTest
  @CsvSource({
    "linear, '0,0,1000,1000,1000,3000,5000,7000,9000,9000'",
    "arithmetic, '0,0,1000,1000,1000,1800,3400,5800,9000,9000'",
    "geometric, '0,0,1000,1000,1000,1732,3000,5196,9000,9000'",
    "exponential, '0,0,1000,1000,1000,1533,2600,4733,9000,9000'"
  })
  void the_delay_grows_between_the_phases(String function, String millis)
      throws InvalidDeliveryPolicyException {
    RetryPolicy policy =
        DeliveryPolicy.ofSubscription(
                ("{'healthyRetryPolicy':" + RETRY.formatted(10, function) + "}").replace('\'', '"'))
            .retries();

    List<String> delays =
        IntStream.rangeClosed(1, 10)
            .mapToObj(retry -> Long.toString(policy.delay(retry).toMillis()))
            .toList();
    assertEquals(millis, String.join(",", delays));
  }

  @Test
  void a_single_retry_between_the_phases_waits_least() throws InvalidDeliveryPolicyException {
    RetryPolicy policy =
        DeliveryPolicy.ofSubscription(
                ("{'healthyRetryPolicy':" + RETRY.formatted(6, "exponential") + "}")
                    .replace('\'', '"'))
            .retries();

    assertEquals(Duration.ofSeconds(1), policy.delay(5));
    assertEquals(Duration.ofSeconds(9), policy.delay(6));
  }

  @Test
  void a_subscription_overrides_its_topic_part_by_part() throws InvalidDeliveryPolicyException {
    DeliveryPolicy topic =
        DeliveryPolicy.ofTopic(
            "{'http':{'defaultRequestPolicy':{'headerContentType':'application/json'}}}"
                .replace('\'', '"'));
    DeliveryPolicy own =
        DeliveryPolicy.ofSubscription(
            "{'throttlePolicy':{'maxReceivesPerSecond':7}}".replace('\'', '"'));

    assertEquals(
        ("{'healthyRetryPolicy':{'minDelayTarget':20,'maxDelayTarget':20,'numRetries':3,"
                + "'numMaxDelayRetries':0,'numNoDelayRetries':0,'numMinDelayRetries':0,"
                + "'backoffFunction':'linear'},'sicklyRetryPolicy':null,"
                + "'throttlePolicy':{'maxReceivesPerSecond':7},"
                + "'requestPolicy':{'headerContentType':'application/json'},'guaranteed':false}")
            .replace('\'', '"'),
        topic.effectiveOf(own).subscriptionJson());
    assertEquals(
        ("{'healthyRetryPolicy':null,'sicklyRetryPolicy':null,"
                + "'throttlePolicy':{'maxReceivesPerSecond':7},"
                + "'requestPolicy':null,'guaranteed':false}")
            .replace('\'', '"'),
        own.subscriptionJson());
    assertEquals(own, DeliveryPolicy.ofSubscription(own.subscriptionJson()));
  }

  @Test
  void a_topic_can_forbid_that() throws InvalidDeliveryPolicyException {
    DeliveryPolicy topic =
        DeliveryPolicy.ofTopic("{'http':{'disableSubscriptionOverrides':true}}".replace('\'', '"'));
    DeliveryPolicy own =
        DeliveryPolicy.ofSubscription(
            "{'requestPolicy':{'headerContentType':'text/csv; charset=UTF-8'}}".replace('\'', '"'));

    assertEquals("text/plain; charset=UTF-8", topic.effectiveOf(own).contentType());
    assertEquals("text/csv; charset=UTF-8", DeliveryPolicy.NONE.effectiveOf(own).contentType());
  }
}
