package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Transactions of clients that know transaction version 1 only, and what queues see of them. */
class TransactionClientsTest {

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @Test
  void confluent_kafka_for_python_moves_each_record_once() throws IOException {
    JsonNode result =
        ForeignProgram.python(
            folder,
            "python3-confluent-kafka",
            "confluent_kafka",
            "kafka_transactions.py",
            sluice.process().kafka(),
            "200");
    assertEquals(
        IntStream.range(0, 200).boxed().toList(),
        StreamSupport.stream(result.get("moved").spliterator(), false)
            .map(JsonNode::asInt)
            .toList());
    assertEquals(200, result.get("committed").asInt());
    assertTrue(result.get("transactions").asInt() > 10, result::toString);
  }

  @Test
  void a_queue_receives_what_was_committed_when_it_was() {
    try (SnsClient sns = sluice.sns();
        SqsClient sqs = sluice.sqs();
        KafkaProducer<String, String> producer = sluice.transactional("till")) {
      String topicArn = sns.createTopic(request -> request.name("payments")).topicArn();
      String url = sqs.createQueue(request -> request.queueName("ledger")).queueUrl();
      String queueArn =
          sqs.getQueueAttributes(
                  request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .getOrDefault(QueueAttributeName.QUEUE_ARN, "none");
      sns.subscribe(
          request ->
              request
                  .topicArn(topicArn)
                  .protocol("sqs")
                  .endpoint(queueArn)
                  .attributes(Map.of("RawMessageDelivery", "true")));
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("payments", "undone"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("payments", "done"));
      producer.flush();
      assertEquals(List.of(), receive(sqs, url, 0), "nothing is committed yet");
      producer.commitTransaction();
      assertEquals(List.of("done"), receive(sqs, url, 20));
      assertEquals(List.of(), receive(sqs, url, 0));
    }
  }

  private static List<String> receive(SqsClient sqs, String url, int waitSeconds) {
    List<String> bodies = new ArrayList<>();
    for (Message message :
        sqs.receiveMessage(
                request ->
                    request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(waitSeconds))
            .messages()) {
      bodies.add(message.body());
      sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
    }
    return bodies;
  }
}
