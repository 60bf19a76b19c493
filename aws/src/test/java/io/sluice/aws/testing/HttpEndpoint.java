package io.sluice.aws.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server that messages are posted to: keeps every request and answers as the test says. */
public final class HttpEndpoint implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final HttpServer server;
  private final String protocol;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private volatile ToIntFunction<Post> status = post -> 200;

  /**
   * One request.
   *
   * @param headers by name in lower case, the first value of each
   */
  public record Post(String path, Map<String, String> headers, String body) {

    /** A header that the request has. */
    public String header(String name) {
      String value = headers.get(name);
      if (value == null) {
        throw new AssertionError("no header " + name + " in " + headers);
      }
      return value;
    }

    /**
     * {@code Notification}, {@code SubscriptionConfirmation} or {@code UnsubscribeConfirmation}.
     */
    public String type() {
      return header("x-amz-sns-message-type");
    }
  }

  public HttpEndpoint() {
    this(0);
  }

  public HttpEndpoint(int port) {
    this(port, null);
  }

  /** One that speaks TLS. */
  public HttpEndpoint(SSLContext tls) {
    this(0, tls);
  }

  private HttpEndpoint(int port, @Nullable SSLContext tls) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = secure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    protocol = tls == null ? "http" : "https";
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    Post post =
        new Post(
            exchange.getRequestURI().toString(),
            headers,
            new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    int answer = status.applyAsInt(post);
    posts.add(post);
    if (answer == 302) {
      exchange.getResponseHeaders().add("Location", "/elsewhere");
    }
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  /** How it answers from now on. */
  public void answer(ToIntFunction<Post> other) {
    status = other;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** A URL of it. */
  public String url(String path) {
    return protocol + "://127.0.0.1:" + port() + path;
  }

  /** The next request, in the order of their ends. */
  public Post next() throws InterruptedException {
    Post post = posts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (post == null) {
      throw new AssertionError("nothing was posted to " + url("/"));
    }
    return post;
  }

  /** The next request of that type, others are forgotten. */
  public Post next(String type) throws InterruptedException {
    Post post = next();
    while (!post.type().equals(type)) {
      post = next();
    }
    return post;
  }

  /** A request that has come, or none. */
  public @Nullable Post now() {
    return posts.poll();
  }

  /** Everything that has come and was not asked for. */
  public List<Post> rest() {
    return List.copyOf(posts);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
