package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * An API that has one answer: the error with which a broker of Apache Kafka without security, or
 * without a quorum that changes, refuses it. Immutable.
 *
 * @param reason why it is refused, as the documentation says it
 */
public record RefusedApi(ApiKeys key, ApiException error, String reason) implements KafkaApi {

  private static final String NO_AUTHORIZER = "SECURITY_DISABLED: there is no authorizer.";
  private static final String NO_SASL = "ILLEGAL_SASL_STATE: connections are not authenticated.";
  private static final String NO_TOKENS =
      "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: connections are not authenticated.";
  private static final String ONE_VOTER =
      "UNSUPPORTED_VERSION: the one node is the quorum, whose feature kraft.version is 0.";

  /** All that are refused. */
  static final List<RefusedApi> ALL =
      List.of(
          acls(ApiKeys.DESCRIBE_ACLS, "No Authorizer is configured on the broker"),
          acls(ApiKeys.CREATE_ACLS, "No Authorizer is configured."),
          acls(ApiKeys.DELETE_ACLS, "No Authorizer is configured."),
          new RefusedApi(
              ApiKeys.SASL_HANDSHAKE, new IllegalSaslStateException("no SASL here"), NO_SASL),
          new RefusedApi(
              ApiKeys.SASL_AUTHENTICATE,
              new IllegalSaslStateException(
                  "SaslAuthenticate request received after successful authentication"),
              NO_SASL),
          tokens(ApiKeys.CREATE_DELEGATION_TOKEN),
          tokens(ApiKeys.RENEW_DELEGATION_TOKEN),
          tokens(ApiKeys.EXPIRE_DELEGATION_TOKEN),
          tokens(ApiKeys.DESCRIBE_DELEGATION_TOKEN),
          voters(ApiKeys.ADD_RAFT_VOTER, "adding"),
          voters(ApiKeys.REMOVE_RAFT_VOTER, "removing"));

  private static RefusedApi acls(ApiKeys key, String message) {
    return new RefusedApi(key, new SecurityDisabledException(message), NO_AUTHORIZER);
  }

  private static RefusedApi tokens(ApiKeys key) {
    return new RefusedApi(
        key,
        new UnsupportedByAuthenticationException(
            "Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on"
                + " delegation token authenticated channels."),
        NO_TOKENS);
  }

  private static RefusedApi voters(ApiKeys key, String change) {
    return new RefusedApi(
        key,
        new UnsupportedVersionException(
            "Cluster doesn't support " + change + " voter because the kraft.version feature is 0"),
        ONE_VOTER);
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    return request.getErrorResponse(error);
  }
}
