package io.sluice.aws.sqs;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;

/** Amazon's rules of 60 seconds, which can be imposed and not. */
class SixtySecondsTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();

  @Test
  void a_deleted_name_rests_for_a_minute() {
    SqsClient sqs = new SqsService(services.broker(), new SqsOptions(true, true));
    String url = sqs.createQueue(r -> r.queueName("orders")).queueUrl();
    sqs.deleteQueue(r -> r.queueUrl(url));
    services.clock().advance(Duration.ofSeconds(59));

    Refused.with(
        QueueDeletedRecentlyException.class,
        "AWS.SimpleQueueService.QueueDeletedRecently",
        400,
        "You must wait 60 seconds after deleting a queue before you can create another with the"
            + " same name.",
        () -> sqs.createQueue(r -> r.queueName("orders")));
    sqs.createQueue(r -> r.queueName("others"));
    services.clock().advance(Duration.ofSeconds(1));
    sqs.createQueue(r -> r.queueName("orders"));
    sqs.createQueue(r -> r.queueName("orders"));
  }

  @Test
  void by_default_a_deleted_name_can_be_used_at_once() {
    String url = services.queue("orders");
    services.sqs().deleteQueue(r -> r.queueUrl(url));

    services.queue("orders");
  }

  @Test
  void without_the_rule_a_queue_is_purged_as_often_as_one_likes() {
    SqsClient sqs = new SqsService(services.broker(), new SqsOptions(false, false));
    String url = sqs.createQueue(r -> r.queueName("orders")).queueUrl();

    sqs.purgeQueue(r -> r.queueUrl(url));
    sqs.purgeQueue(r -> r.queueUrl(url));
  }
}
