package io.sluice.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * AWS JSON ("Smithy: AWS JSON 1.0 protocol"): the operation stands in X-Amz-Target. Errors carry
 * {@code x-amzn-query-error} too ("AWS Query compatible").
 */
final class JsonExchange implements Exchange {

  private final Services services;
  private final Request request;
  private final String target;
  private final String requestId;

  JsonExchange(Services services, Request request, String target, String requestId) {
    this.services = services;
    this.request = request;
    this.target = target;
    this.requestId = requestId;
  }

  @Override
  public Operation operation() {
    return services.byTarget(target);
  }

  @Override
  public @Nullable CredentialScope scope() {
    return CredentialScope.of(request.authorization(), null);
  }

  @Override
  public SdkPojo read(Operation operation) {
    SdkPojo pojo = JsonReader.read(operation.request(), request.body());
    RequiredMembers.check(operation, pojo, false);
    return pojo;
  }

  @Override
  public Reply answer(Operation operation, SdkPojo response) {
    return Reply.ok(contentType(), requestId, JsonWriter.write(operation.response(), response));
  }

  @Override
  public Reply error(WireError error) {
    String fault = error.isSenderFault() ? ";Sender" : ";Receiver";
    return new Reply(
        error.status(),
        contentType(),
        requestId,
        error.code() + fault,
        JsonWriter.writeError(error));
  }

  /** Version 1.1 differs in nothing but this. */
  private String contentType() {
    String sent = request.contentType();
    return sent != null && sent.startsWith(Reply.JSON_1_1) ? Reply.JSON_1_1 : Reply.JSON_1_0;
  }
}
