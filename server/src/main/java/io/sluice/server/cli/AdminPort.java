package io.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the admin port is, as an option of a command. */
final class AdminPort {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      converter = Url.class,
      defaultValue = "http://127.0.0.1:9644",
      description = "The broker's admin port. Default: ${DEFAULT-VALUE}.")
  private URI admin = URI.create("http://127.0.0.1:9644");

  /**
   * Has something done with a queue.
   *
   * @return what the broker says of it
   * @throws CommandFailedException nobody answers, or it was refused
   */
  String post(String queue, String action, Map<String, Object> body) throws InterruptedException {
    String name = URLEncoder.encode(queue, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(admin.resolve("/v1/queues/" + name + "/" + action))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json(body)))
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new CommandFailedException(response.body().strip());
      }
      return response.body();
    } catch (IOException e) {
      throw new CommandFailedException("no broker answers at " + admin + ": " + e.getMessage(), e);
    }
  }

  private static String json(Map<String, Object> body) {
    try {
      return new ObjectMapper().writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a body that cannot be written", e);
    }
  }
}
