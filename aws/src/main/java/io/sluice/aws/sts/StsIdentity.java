package io.sluice.aws.sts;

import io.sluice.aws.CallContext;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * Tells every caller that it is the root user of the listener's account: credentials are not
 * verified, so there is nobody else to be ("GetCallerIdentity", AWS Security Token Service API
 * Reference).
 */
public final class StsIdentity implements StsClient {

  @Override
  public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
    String account = CallContext.current().accountId();
    return GetCallerIdentityResponse.builder()
        .account(account)
        .arn("arn:aws:iam::" + account + ":root")
        .userId(account)
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** There is nothing to close. */
  @Override
  public void close() {}
}
