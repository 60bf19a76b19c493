package io.sluice.kafka;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Makes requests of one client's frames. As in Apache Kafka there is no answer to what is not a
 * request, or to an API or a version that is not served: the client is disconnected. The exception
 * is ApiVersions, whose unknown versions are answered (KIP-511). Owned by the connection's reading
 * thread.
 */
final class RequestDecoder {

  private static final ListenerName LISTENER =
      ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT);

  private final KafkaApis apis;
  private final InetSocketAddress client;
  private final String connectionId;

  /** What the client has said of itself in its ApiVersions request. */
  private ClientInformation information = ClientInformation.EMPTY;

  RequestDecoder(KafkaApis apis, InetSocketAddress client, String connectionId) {
    this.apis = apis;
    this.client = client;
    this.connectionId = connectionId;
  }

  /** A request and where it came from. */
  record Decoded(RequestContext context, AbstractRequest request) {}

  /**
   * Reads one frame.
   *
   * @throws InvalidRequestException it is not a request that is served
   */
  Decoded decode(ByteBuffer frame) {
    try {
      RequestContext context = context(RequestHeader.parse(frame));
      CrowdedKeys.check(context.header.apiKey(), context.apiVersion(), frame);
      AbstractRequest request = context.parseRequest(frame).request;
      if (request instanceof ApiVersionsRequest hello && hello.isValid()) {
        introduce(hello);
      }
      return new Decoded(context, request);
    } catch (InvalidRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InvalidRequestException("not a Kafka request", e);
    }
  }

  private void introduce(ApiVersionsRequest hello) {
    String name = hello.data().clientSoftwareName();
    String version = hello.data().clientSoftwareVersion();
    if (!name.isEmpty() && !version.isEmpty()) {
      information = new ClientInformation(name, version);
    }
  }

  private RequestContext context(RequestHeader header) {
    ApiKeys key = header.apiKey();
    boolean versionServed =
        key == ApiKeys.API_VERSIONS || key.isVersionEnabled(header.apiVersion(), false);
    if (!versionServed || !apis.serves(key)) {
      throw new InvalidRequestException(
          "version " + header.apiVersion() + " of " + key + " is not served");
    }
    return new RequestContext(
        header,
        connectionId,
        client.getAddress(),
        Optional.of(client.getPort()),
        KafkaPrincipal.ANONYMOUS,
        LISTENER,
        SecurityProtocol.PLAINTEXT,
        information,
        false);
  }
}
