package io.sluice.aws.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.aws.AwsListener;
import io.sluice.aws.AwsListenerOptions;
import io.sluice.aws.AwsService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class StsIdentityTest {

  @Test
  void everybody_is_the_root_user_of_the_account() {
    AwsListenerOptions options =
        new AwsListenerOptions("127.0.0.1", 0, "123456789012", Duration.ofSeconds(1));
    try (AwsListener listener =
            AwsListener.start(options, List.of(AwsService.of(StsClient.class, new StsIdentity())));
        StsClient client =
            StsClient.builder()
                .endpointOverride(listener.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build()) {
      GetCallerIdentityResponse identity = client.getCallerIdentity();

      assertEquals("123456789012", identity.account());
      assertEquals("arn:aws:iam::123456789012:root", identity.arn());
      assertEquals("123456789012", identity.userId());
    }
  }

  @Test
  void it_answers_in_the_same_process_too() {
    try (StsIdentity sts = new StsIdentity()) {
      assertEquals("000000000000", sts.getCallerIdentity().account());
    }
  }
}
