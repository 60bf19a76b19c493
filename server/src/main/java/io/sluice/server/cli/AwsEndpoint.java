package io.sluice.server.cli;

import java.net.URI;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Where the AWS port is, as an option of a command. */
final class AwsEndpoint {

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      converter = Url.class,
      description =
          "The broker's AWS port. Default: AWS_ENDPOINT_URL of the environment, else"
              + " ${DEFAULT-VALUE}.",
      defaultValue = "${env:AWS_ENDPOINT_URL:-http://127.0.0.1:4566}")
  private URI endpoint = URI.create("http://127.0.0.1:4566");

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The region to sign for. Default: ${DEFAULT-VALUE}.",
      defaultValue = "${env:AWS_REGION:-us-east-1}")
  private String region = "us-east-1";

  /** A client; who has no credentials gets some, since a local broker asks for any. */
  SqsClient sqs() {
    AwsCredentialsProvider credentials =
        System.getenv("AWS_ACCESS_KEY_ID") == null
            ? StaticCredentialsProvider.create(AwsBasicCredentials.create("sluice", "sluice"))
            : EnvironmentVariableCredentialsProvider.create();
    return SqsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }
}
