package io.sluice.bench.cost;

import io.sluice.client.Services;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The AWS SDK's clients with its own defaults, for a server on loopback. */
public record AmazonClients(SnsClient sns, SqsClient sqs, StsClient sts) implements AutoCloseable {

  /** Clients whose requests an interceptor sees. */
  public static AmazonClients of(int port, ExecutionInterceptor interceptor) {
    return new AmazonClients(
        point(SnsClient.builder(), port, interceptor).build(),
        point(SqsClient.builder(), port, interceptor).build(),
        point(StsClient.builder(), port, interceptor).build());
  }

  private static <B extends AwsClientBuilder<B, ?>> B point(
      B builder, int port, ExecutionInterceptor interceptor) {
    return builder
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(config -> config.addExecutionInterceptor(interceptor));
  }

  /** The same for the {@code client} library, which does not close them. */
  public Services services() {
    return Services.shared(sns, sqs, sts);
  }

  @Override
  public void close() {
    sns.close();
    sqs.close();
    sts.close();
  }
}
