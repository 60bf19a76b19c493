package io.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * {@code sluice queues}: what SQS's interface offers, and what it has no word for: rewinding, and
 * looking without receiving.
 */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    description = "Lists, describes, looks into, purges and rewinds SQS queues.")
public final class QueuesCommand {

  private record Described(String name, String url, Map<String, String> attributes) {}

  @Command(
      description = "Prints the queues with their numbers of messages.",
      mixinStandardHelpOptions = true)
  int list(@Mixin Output output, @Mixin AwsEndpoint endpoint) {
    return with(
        endpoint,
        sqs -> {
          List<Described> queues =
              sqs.listQueuesPaginator(request -> request.maxResults(1_000)).queueUrls().stream()
                  .map(url -> describe(sqs, url))
                  .toList();
          if (output.isJson()) {
            Output.json(queues.stream().map(Described::name).toList());
            return 0;
          }
          List<List<String>> rows = new ArrayList<>();
          rows.add(List.of("QUEUE", "AVAILABLE", "IN-FLIGHT", "DELAYED"));
          for (Described queue : queues) {
            rows.add(
                List.of(
                    queue.name(),
                    count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                    count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                    count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)));
          }
          Output.table(rows);
          return 0;
        });
  }

  private static String count(Described queue, QueueAttributeName attribute) {
    return queue.attributes().getOrDefault(attribute.toString(), "-");
  }

  @Command(description = "Shows a queue's attributes.", mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "QUEUE") String queue,
      @Mixin Output output,
      @Mixin AwsEndpoint endpoint) {
    return with(
        endpoint,
        sqs -> {
          Described described = describe(sqs, url(sqs, queue));
          if (output.isJson()) {
            Output.json(described);
            return 0;
          }
          System.out.println(described.name() + "  " + described.url());
          List<List<String>> rows = new ArrayList<>();
          rows.add(List.of("ATTRIBUTE", "VALUE"));
          described.attributes().forEach((name, value) -> rows.add(List.of(name, value)));
          Output.table(rows);
          return 0;
        });
  }

  @Command(description = "Deletes every message of a queue.", mixinStandardHelpOptions = true)
  int purge(@Parameters(paramLabel = "QUEUE") String queue, @Mixin AwsEndpoint endpoint) {
    return with(
        endpoint,
        sqs -> {
          sqs.purgeQueue(request -> request.queueUrl(url(sqs, queue)));
          return 0;
        });
  }

  @Command(
      description =
          "Moves a queue to another point of what it reads: it receives everything from there on,"
              + " again or for the first time.",
      mixinStandardHelpOptions = true)
  int rewind(
      @Parameters(paramLabel = "QUEUE") String queue,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "TO",
              description =
                  "One of: earliest, latest, an instant such as 2026-01-31T12:00:00Z, offset:N for"
                      + " every partition, or TOPIC-PARTITION:N for one. What was sent straight to"
                      + " the queue is in the topic queue.QUEUE.")
          String to,
      @Mixin AdminPort admin)
      throws InterruptedException {
    System.out.print(admin.post(queue, "rewind", Map.of("to", to)));
    return 0;
  }

  @Command(
      description =
          "Shows a queue's messages, the oldest first, without receiving any: which can be"
              + " received, which are in flight or delayed and until when, and how often each was"
              + " received.",
      mixinStandardHelpOptions = true)
  int peek(
      @Parameters(paramLabel = "QUEUE") String queue,
      @Option(
              names = "--max",
              paramLabel = "N",
              defaultValue = "10",
              description = "How many, up to 1000. Default: ${DEFAULT-VALUE}.")
          int max,
      @Option(
              names = "--json",
              description = "Print each message as one line of JSON, with its record.")
          boolean json,
      @Mixin AdminPort admin)
      throws InterruptedException, JsonProcessingException {
    String lines = admin.post(queue, "peek", Map.of("max", max));
    if (json) {
      System.out.print(lines);
      return 0;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("STATE", "RECEIVED", "SENT", "VALUE"));
    for (String line : lines.lines().toList()) {
      rows.add(row(new ObjectMapper().readTree(line)));
    }
    Output.table(rows);
    return 0;
  }

  private static List<String> row(JsonNode message) {
    String until = message.path("until").asText();
    return List.of(
        message.path("state").asText() + (until.isEmpty() ? "" : " until " + until),
        message.path("receiveCount").asText(),
        Instant.ofEpochMilli(message.path("timestamp").asLong()).toString(),
        message.path(message.has("value") ? "value" : "valueBase64").asText());
  }

  private static int with(AwsEndpoint endpoint, Function<SqsClient, Integer> action) {
    try (SqsClient sqs = endpoint.sqs()) {
      return action.apply(sqs);
    } catch (AwsServiceException e) {
      throw new CommandFailedException(
          e.awsErrorDetails() == null
              ? String.valueOf(e.getMessage())
              : e.awsErrorDetails().errorMessage(),
          e);
    } catch (SdkException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String url(SqsClient sqs, String queue) {
    return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
  }

  private static Described describe(SqsClient sqs, String url) {
    Map<String, String> attributes = new TreeMap<>();
    sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
        .attributes()
        .forEach((name, value) -> attributes.put(name.toString(), value));
    return new Described(url.substring(url.lastIndexOf('/') + 1), url, attributes);
  }
}
