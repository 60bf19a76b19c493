package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;

/** Single calls to SQS and SNS on a port of loopback, for what is not measured. Thread-safe. */
public final class AwsCalls {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "Content-Type";

  private final URI endpoint;

  /** Calls to whoever listens on this port. */
  public AwsCalls(int port) {
    endpoint = URI.create("http://127.0.0.1:" + port + "/");
  }

  /** Creates a queue and returns its URL. */
  public String createQueue(String name) {
    return sqs("CreateQueue", Map.of("QueueName", name)).get("QueueUrl").asText();
  }

  /** Creates a FIFO queue, whose name ends as it must, and returns its URL. */
  public String createFifoQueue(String name) {
    Object arguments =
        Map.of("QueueName", name + ".fifo", "Attributes", Map.of("FifoQueue", "true"));
    return sqs("CreateQueue", arguments).get("QueueUrl").asText();
  }

  /** Deletes a queue. */
  public void deleteQueue(String url) {
    sqs("DeleteQueue", Map.of("QueueUrl", url));
  }

  /** One of a queue's attributes. */
  public String queueAttribute(String url, String attribute) {
    Object arguments = Map.of("QueueUrl", url, "AttributeNames", new String[] {attribute});
    return sqs("GetQueueAttributes", arguments).get("Attributes").get(attribute).asText();
  }

  /** About how many messages can be received from a queue. */
  public long messages(String url) {
    return Long.parseLong(queueAttribute(url, "ApproximateNumberOfMessages"));
  }

  /** Creates a topic and returns its ARN. */
  public String createTopic(String name) {
    return element("TopicArn", sns("CreateTopic", Map.of("Name", name)));
  }

  /** Deletes a topic. */
  public void deleteTopic(String topicArn) {
    sns("DeleteTopic", Map.of("TopicArn", topicArn));
  }

  /**
   * Subscribes a queue to a topic.
   *
   * @param raw whether it gets the messages as they are, and not in SNS's JSON
   */
  public void subscribe(String topicArn, String queueUrl, boolean raw) {
    sns(
        "Subscribe",
        Map.of(
            "TopicArn",
            topicArn,
            "Protocol",
            "sqs",
            "Endpoint",
            queueAttribute(queueUrl, "QueueArn"),
            "Attributes.entry.1.key",
            "RawMessageDelivery",
            "Attributes.entry.1.value",
            Boolean.toString(raw)));
  }

  /** Subscribes a queue to those messages of a topic that a filter policy lets through. */
  public void subscribe(String topicArn, String queueUrl, String filterPolicy) {
    sns(
        "Subscribe",
        Map.of(
            "TopicArn",
            topicArn,
            "Protocol",
            "sqs",
            "Endpoint",
            queueAttribute(queueUrl, "QueueArn"),
            "Attributes.entry.1.key",
            "FilterPolicy",
            "Attributes.entry.1.value",
            filterPolicy));
  }

  private static String element(String name, String xml) {
    int from = xml.indexOf("<" + name + ">");
    int to = xml.indexOf("</" + name + ">");
    if (from < 0 || to < from) {
      throw new LoadFailedException("no " + name + " in " + xml);
    }
    return xml.substring(from + name.length() + 2, to);
  }

  /** Calls an action of SQS. */
  public JsonNode sqs(String action, Object arguments) {
    try {
      String body = JSON.writeValueAsString(arguments);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(endpoint)
              .header(CONTENT_TYPE, "application/x-amz-json-1.0")
              .header("X-Amz-Target", "AmazonSQS." + action)
              .POST(BodyPublishers.ofString(body));
      String answer = call(action, request);
      return answer.isBlank() ? JSON.createObjectNode() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls an action of SNS and returns the XML of the answer. */
  public String sns(String action, Map<String, String> parameters) {
    String form =
        parameters.entrySet().stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining("&", "Version=2010-03-31&Action=" + action + "&", ""));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    try {
      return call(action, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String call(String action, HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new LoadFailedException(
            action + ": status " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadFailedException(action + " was interrupted");
    }
  }
}
