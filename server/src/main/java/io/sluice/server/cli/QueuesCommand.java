package io.sluice.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** {@code sluice queues}: what SQS's interface offers, and rewinding, which it has no word for. */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    description = "Lists, describes, purges and rewinds SQS queues.")
public final class QueuesCommand {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

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
              paramLabel = "TIME|earliest|latest",
              description = "An instant such as 2026-01-31T12:00:00Z, or an end of the log.")
          String to,
      @Option(
              names = "--admin-url",
              paramLabel = "URL",
              converter = Url.class,
              defaultValue = "http://127.0.0.1:9644",
              description = "The broker's admin port. Default: ${DEFAULT-VALUE}.")
          URI admin)
      throws IOException, InterruptedException {
    String name = URLEncoder.encode(queue, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(admin.resolve("/v1/queues/" + name + "/rewind"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    new ObjectMapper().writeValueAsString(Map.of("to", to))))
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new CommandFailedException(response.body().strip());
      }
      System.out.print(response.body());
      return 0;
    } catch (IOException e) {
      throw new CommandFailedException("no broker answers at " + admin + ": " + e.getMessage(), e);
    }
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
