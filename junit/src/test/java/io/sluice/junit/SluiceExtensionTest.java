package io.sluice.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.sluice.embedded.EmbeddedOptions;
import io.sluice.embedded.Sluice;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Test classes with the extension, run as JUnit runs them. */
class SluiceExtensionTest {

  private static final List<Sluice> SEEN = new ArrayList<>();
  private static boolean askedFor;

  /** Whether a test runs the class that must fail, and not whoever runs every class there is. */
  static boolean isAskedFor() {
    return askedFor;
  }

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @SluiceTest
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Injected {

    @Test
    @Order(1)
    void an_order_reaches_its_queue(SqsClient sqs, SnsClient sns, Sluice sluice) {
      SEEN.add(sluice);
      String queue = sqs.createQueue(r -> r.queueName("dispatch")).queueUrl();
      String topic = sns.createTopic(r -> r.name("orders")).topicArn();
      sns.subscribe(
          r ->
              r.topicArn(topic)
                  .protocol("sqs")
                  .endpoint("arn:aws:sqs:us-east-1:000000000000:dispatch"));
      sns.publish(r -> r.topicArn(topic).message("first"));

      assertEquals(1, sqs.receiveMessage(r -> r.queueUrl(queue)).messages().size());
      assertEquals(0, sqs.receiveMessage(r -> r.queueUrl(queue)).messages().size());
    }

    @Test
    @Order(2)
    void the_class_keeps_its_sluice(SqsClient sqs, Sluice sluice) {
      assertSame(SEEN.getLast(), sluice);
      sluice.advance(Duration.ofSeconds(31));
      assertEquals(1, sqs.receiveMessage(r -> r.queueUrl("dispatch")).messages().size());
    }

    @Test
    void addresses_are_injected(
        URI endpoint, @KafkaBootstrapServers String servers, StsClient sts, Sluice sluice) {
      assertEquals(sluice.endpoint(), endpoint);
      assertEquals(sluice.bootstrapServers(), servers);
      assertEquals("000000000000", sts.getCallerIdentity().account());
    }

    @Nested
    class Inside {
      @Test
      void shares_the_outer_ones(Sluice sluice) {
        SEEN.add(sluice);
      }
    }
  }

  @SluiceTest
  static class Another {

    private final Sluice sluice;

    Another(Sluice sluice) {
      this.sluice = sluice;
    }

    @Test
    void starts_empty(SqsClient sqs) {
      SEEN.add(sluice);
      assertEquals(List.of(), sqs.listQueues().queueUrls());
    }
  }

  static class WithOptions {

    @RegisterExtension
    static final SluiceExtension SLUICE =
        new SluiceExtension(EmbeddedOptions.temporary().withRegion("eu-west-1"));

    @Test
    void topics_are_elsewhere(SnsClient sns) {
      assertEquals(
          "arn:aws:sns:eu-west-1:000000000000:orders",
          sns.createTopic(r -> r.name("orders")).topicArn());
    }
  }

  @EnabledIf("io.sluice.junit.SluiceExtensionTest#isAskedFor")
  static class OnAnInstance {

    @RegisterExtension final SluiceExtension sluice = new SluiceExtension();

    @Test
    void is_too_late(SqsClient sqs) {
      assertTrue(sqs.listQueues().queueUrls().isEmpty());
    }
  }

  @Test
  void what_a_test_asks_for_is_injected() {
    run(Injected.class).assertStatistics(tests -> tests.started(4).succeeded(4));

    assertSame(SEEN.getFirst(), SEEN.getLast(), "nested classes share");
    assertThrows(IllegalStateException.class, SEEN.getFirst()::endpoint, "it was closed");
  }

  @Test
  void classes_know_nothing_of_each_other() {
    run(Injected.class, Another.class).assertStatistics(tests -> tests.started(5).succeeded(5));

    assertNotSame(SEEN.getFirst(), SEEN.getLast());
  }

  @Test
  void options_are_heeded() {
    run(WithOptions.class).assertStatistics(tests -> tests.started(1).succeeded(1));
  }

  @Test
  void an_extension_of_an_instance_says_what_is_wrong() {
    askedFor = true;
    run(OnAnInstance.class)
        .assertThatEvents()
        .haveExactly(
            1, finishedWithFailure(message(text -> text.contains("register it on the class"))));
    askedFor = false;
  }

  private static Events run(Class<?>... classes) {
    var request = EngineTestKit.engine("junit-jupiter");
    for (Class<?> one : classes) {
      request.selectors(selectClass(one));
    }
    return request.execute().testEvents();
  }
}
