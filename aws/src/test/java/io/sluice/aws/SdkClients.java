package io.sluice.aws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Unmodified SDK clients that talk to a listener. */
final class SdkClients {

  static final String ACCESS_KEY_ID = "AKIDEXAMPLE";
  static final String REGION = "eu-west-1";

  private SdkClients() {}

  static SqsClient sqs(URI endpoint) {
    return configured(SqsClient.builder(), endpoint)
        .checksumValidationEnabled(false)
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  static SnsClient sns(URI endpoint) {
    return configured(SnsClient.builder(), endpoint)
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  static StsClient sts(URI endpoint) {
    return configured(StsClient.builder(), endpoint)
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  static SdkClient of(Class<? extends SdkClient> contract, URI endpoint) {
    if (contract == SqsClient.class) {
      return sqs(endpoint);
    }
    return contract == SnsClient.class ? sns(endpoint) : sts(endpoint);
  }

  static <B extends AwsClientBuilder<B, ?>> B configured(B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY_ID, "secret")));
  }
}
