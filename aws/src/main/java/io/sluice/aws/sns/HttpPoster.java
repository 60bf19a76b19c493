package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts to endpoints: no redirects, no proxies but the JVM's, little read of an answer. The HTTP
 * client comes into being with the first post, since most servers have no endpoint to post to. Safe
 * for use by many threads; a post blocks its caller, for names and handshakes on a platform thread.
 */
final class HttpPoster implements AutoCloseable {

  private static final String USER_AGENT = "Amazon Simple Notification Service Agent";

  private final SnsOptions options;

  /** Guarded by this object's monitor. */
  private @Nullable HttpClient client;

  /** Guarded by this object's monitor. */
  private boolean closed;

  HttpPoster(SnsOptions options) {
    this.options = options;
  }

  /** Whether a text is an endpoint of that protocol that a request could be sent to. */
  static boolean isEndpoint(String protocol, String text) {
    try {
      URI uri = new URI(text);
      return protocol.equals(uri.getScheme()) && uri.getHost() != null && uri.getFragment() == null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  PostOutcome post(String endpoint, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    URI uri = URI.create(endpoint);
    PostOutcome.@Nullable Refused refusal;
    try {
      refusal = refusal(uri.getHost());
    } catch (UnknownHostException _) {
      return new PostOutcome.Failed("its host is unknown");
    }
    if (refusal != null) {
      return refusal;
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(withoutUserInfo(uri))
            .timeout(options.timeout())
            .header("User-Agent", USER_AGENT)
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    if (uri.getUserInfo() != null) {
      String credentials = Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(UTF_8));
      request.header("Authorization", "Basic " + credentials);
    }
    return send(request.build());
  }

  private PostOutcome.@Nullable Refused refusal(String host) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (!options.mode().allows(address)) {
        return new PostOutcome.Refused("Sluice does not post to " + address.getHostAddress());
      }
    }
    return null;
  }

  private PostOutcome send(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer;
    try {
      answer = client().sendAsync(request, ignored -> new BoundedBody());
    } catch (IOException e) {
      return new PostOutcome.Failed(reason(e));
    }
    try {
      return PostOutcome.ofStatus(
          answer.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS).statusCode());
    } catch (ExecutionException e) {
      return new PostOutcome.Failed(reason(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException _) {
      return new PostOutcome.Failed("it did not answer in " + options.timeout().toSeconds() + " s");
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private synchronized HttpClient client() throws IOException {
    if (closed) {
      throw new IOException("the server stops");
    }
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(options.timeout())
              .build();
    }
    return client;
  }

  private static URI withoutUserInfo(URI uri) {
    if (uri.getRawUserInfo() == null) {
      return uri;
    }
    return URI.create(uri.toString().replaceFirst("//[^/@]*@", "//"));
  }

  /** Ends what is under way. */
  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }
}
