package io.sluice.embedded;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A way to the same services: no test may notice which. */
enum Door {
  IN_PROCESS {
    @Override
    SqsClient sqs(Sluice sluice) {
      return sluice.sqs();
    }

    @Override
    SnsClient sns(Sluice sluice) {
      return sluice.sns();
    }
  },

  HTTP {
    @Override
    SqsClient sqs(Sluice sluice) {
      return configured(SqsClient.builder(), sluice)
          .httpClientBuilder(ApacheHttpClient.builder())
          .build();
    }

    @Override
    SnsClient sns(Sluice sluice) {
      return configured(SnsClient.builder(), sluice)
          .httpClientBuilder(ApacheHttpClient.builder())
          .build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configured(B builder, Sluice sluice) {
      return builder
          .endpointOverride(sluice.endpoint())
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
    }
  };

  /** To be closed by the test. */
  abstract SqsClient sqs(Sluice sluice);

  /** To be closed by the test. */
  abstract SnsClient sns(Sluice sluice);
}
