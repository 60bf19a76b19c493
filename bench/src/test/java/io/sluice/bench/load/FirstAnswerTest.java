package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {

  @Test
  void who_is_not_ready_is_asked_again() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isUp = requests.incrementAndGet() == 3;
          exchange.sendResponseHeaders(isUp ? 200 : 503, -1);
          exchange.close();
        });
    server.start();
    try {
      FirstAnswer.sqs(server.getAddress().getPort());
      assertEquals(3, requests.get());
    } finally {
      server.stop(0);
    }
  }
}
