package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterUserScramCredentialsRequest;
import org.apache.kafka.common.requests.AlterUserScramCredentialsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterUserScramCredentials, 0 (KIP-554). Kafka would keep credentials even where no listener asks
 * for them; here none are kept, so that nobody believes that they protect anything.
 */
final class AlterUserScramCredentialsApi implements KafkaApi {

  private static final ApiError NO_SASL =
      new ApiError(Errors.UNSUPPORTED_SASL_MECHANISM, "this broker does not authenticate users");
  private static final ApiError NOT_FOUND =
      new ApiError(
          Errors.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
  private static final ApiError TWICE =
      new ApiError(
          Errors.DUPLICATE_RESOURCE,
          "A user credential cannot be altered twice in the same request");
  private static final ApiError NAMELESS =
      new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Username must not be empty");

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    AlterUserScramCredentialsRequestData asked =
        ((AlterUserScramCredentialsRequest) request).data();
    Map<String, ApiError> outcomes = new LinkedHashMap<>();
    asked.deletions().forEach(deletion -> refuse(deletion.name(), NOT_FOUND, outcomes));
    asked.upsertions().forEach(upsertion -> refuse(upsertion.name(), NO_SASL, outcomes));
    AlterUserScramCredentialsResponseData response = new AlterUserScramCredentialsResponseData();
    outcomes.forEach(
        (user, error) ->
            response
                .results()
                .add(
                    new AlterUserScramCredentialsResult()
                        .setUser(user)
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message())));
    return new AlterUserScramCredentialsResponse(response);
  }

  private static void refuse(String user, ApiError error, Map<String, ApiError> outcomes) {
    outcomes.merge(user, user.isEmpty() ? NAMELESS : error, (first, second) -> TWICE);
  }
}
