package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;

class TopicsTest {

  private final FakeServices services = new FakeServices();
  private final SnsSqsAdmin admin = new SnsSqsAdmin(services.services());

  private void create(Map<String, String> configs) {
    admin.createTopics(List.of(new NewTopic("orders", 1, (short) -1).configs(configs)));
  }

  private String archive() {
    return services.topics.get(FakeServices.arn("orders.fifo")).attributes().get("ArchivePolicy");
  }

  @Test
  void records_are_kept_for_whole_days_at_least_as_long() {
    create(Map.of("retention.ms", "1"));
    assertEquals("{\"MessageRetentionPeriod\":\"1\"}", archive());
    admin.alterRetention("orders", Duration.ofDays(2).plusMillis(1));
    assertEquals("{\"MessageRetentionPeriod\":\"3\"}", archive());
    admin.alterRetention("orders", Duration.ofDays(365));
    assertEquals("{\"MessageRetentionPeriod\":\"365\"}", archive());
    admin.alterRetention("orders", Duration.ZERO);
    assertEquals("{}", archive());
  }

  @Test
  void never_for_less_than_was_asked_for() {
    for (String retention :
        List.of("-1", "-2", Long.toString(Long.MAX_VALUE), "31536000001", "a week")) {
      InvalidConfigurationException e =
          assertThrows(
              InvalidConfigurationException.class,
              () -> create(Map.of("retention.ms", retention)),
              retention);
      assertTrue(retention.equals("a week") || e.getMessage().contains("365 days"), e.getMessage());
    }
    assertEquals(Set.of(), services.topics.keySet());
    create(Map.of());
    for (Duration retention :
        List.of(Duration.ofMillis(-1), Duration.ofMillis(Long.MAX_VALUE), Duration.ofDays(366))) {
      assertThrows(
          InvalidConfigurationException.class, () -> admin.alterRetention("orders", retention));
    }
    assertEquals(null, archive());
  }

  @Test
  void nothing_is_kept_of_a_topic_with_a_retention_of_zero() {
    create(Map.of("retention.ms", "0"));
    assertEquals(null, archive());
  }

  @Test
  void a_standard_topic_is_not_made_beside_a_fifo_one_nor_the_other_way_round() {
    create(Map.of());
    assertThrows(TopicExistsException.class, () -> create(Map.of("sluice.fifo", "false")));
    assertEquals(Set.of(FakeServices.arn("orders.fifo")), services.topics.keySet());
    services.topics.clear();
    create(Map.of("sluice.fifo", "false"));
    assertThrows(TopicExistsException.class, () -> create(Map.of()));
    assertEquals(Set.of(FakeServices.arn("orders")), services.topics.keySet());
    create(Map.of("sluice.fifo", "false"));
  }

  @Test
  void only_what_says_so_exists() {
    services.createFailure = () -> refusal("Invalid parameter: Tags Reason: too many");
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> create(Map.of()));
    assertFalse(refused.getMessage().contains("exists"));
    services.createFailure =
        () ->
            refusal(
                "Invalid parameter: Attributes Reason: Topic already exists with different"
                    + " attributes");
    assertThrows(TopicExistsException.class, () -> create(Map.of()));
  }

  private static RuntimeException refusal(String message) {
    return InvalidParameterException.builder()
        .message(message)
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode("InvalidParameter").errorMessage(message).build())
        .build();
  }
}
