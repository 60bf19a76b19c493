package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeUserScramCredentials, 0 (KIP-554): no user has any, as nobody is authenticated. */
final class DescribeUserScramCredentialsApi implements KafkaApi {

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    List<UserName> asked = ((DescribeUserScramCredentialsRequest) request).data().users();
    Map<String, Integer> times = new LinkedHashMap<>();
    if (asked != null) {
      asked.forEach(user -> times.merge(user.name(), 1, Integer::sum));
    }
    DescribeUserScramCredentialsResponseData response =
        new DescribeUserScramCredentialsResponseData();
    times.forEach((user, count) -> response.results().add(answer(user, count)));
    return new DescribeUserScramCredentialsResponse(response);
  }

  private static DescribeUserScramCredentialsResult answer(String user, int times) {
    DescribeUserScramCredentialsResult result =
        new DescribeUserScramCredentialsResult().setUser(user);
    return times > 1
        ? result
            .setErrorCode(Errors.DUPLICATE_RESOURCE.code())
            .setErrorMessage(
                "Cannot describe SCRAM credentials for the same user twice in a single request: "
                    + user)
        : result
            .setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
            .setErrorMessage("Attempt to describe a user credential that does not exist: " + user);
  }
}
