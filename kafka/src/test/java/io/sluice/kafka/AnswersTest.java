package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** What the door's own failures do to a connection. */
class AnswersTest {

  @Test
  void an_error_of_the_machine_ends_the_connection_and_nobody_waits_for_room() throws Exception {
    List<String> reasons = new ArrayList<>();
    try (LogLines log = new LogLines();
        SocketChannel socket = SocketChannel.open()) {
      Answers answers =
          new Answers(
              new ConnectionThreads(0).share(),
              new SocketTransfer(socket, new Activity()),
              reasons::add);
      answers.add(context(), new Broken(), Answers.Follows.NOTHING);
      for (int i = 0; i < 1_000; i++) {
        answers.add(context(), new Broken(), Answers.Follows.NOTHING);
      }
      answers.awaitSent();
      answers.send(
          context(),
          new ApiVersionsRequest.Builder().build(),
          new ApiVersionsResponse(new ApiVersionsResponseData()));
      answers.end();
      assertEquals(List.of("an answer could not be sent"), reasons);
      assertEquals(1, log.seen().size(), () -> log.seen().toString());
    }
  }

  private record Broken() implements PipelinedApi.Pending {

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public Optional<AbstractResponse> await() {
      throw new InternalError("on purpose");
    }
  }

  private static RequestContext context() {
    return new RequestContext(
        new RequestHeader(ApiKeys.API_VERSIONS, (short) 3, "raw", 1),
        "raw",
        InetAddress.getLoopbackAddress(),
        Optional.empty(),
        KafkaPrincipal.ANONYMOUS,
        ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
        SecurityProtocol.PLAINTEXT,
        ClientInformation.EMPTY,
        false);
  }
}
