package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

class ServicesTest {

  private final List<String> closed = new ArrayList<>();
  private final SnsClient sns = client(SnsClient.class);
  private final SqsClient sqs = client(SqsClient.class);
  private final StsClient sts = client(StsClient.class);

  private <C> C client(Class<C> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              closed.add(type.getSimpleName() + "." + method.getName());
              return null;
            }));
  }

  @Test
  void whoever_is_the_last_to_close_closes_the_clients() {
    Services first = new Services(sns, sqs, sts);
    Services second = first.share();
    Services third = second.share();
    first.close();
    first.close();
    third.close();
    assertEquals(List.of(), closed);
    second.close();
    assertEquals(List.of("SnsClient.close", "SqsClient.close", "StsClient.close"), closed);
    assertThrows(IllegalStateException.class, second::share);
  }

  @Test
  void an_endpoint_that_no_request_could_reach_is_refused_at_once() {
    for (String endpoint : List.of("not a url", "ftp://host:1", "localhost:4566", "http:///path")) {
      Map<String, String> configs = Map.of("aws.region", "eu-central-1", "aws.endpoint", endpoint);
      ConfigException refusal =
          assertThrows(ConfigException.class, () -> Services.of(configs), endpoint);
      assertTrue(refusal.getMessage().contains(endpoint), refusal.getMessage());
    }
  }

  @Test
  void clients_that_others_use_too_stay_open() {
    Services first = Services.shared(sns, sqs, sts);
    Services second = first.share();
    first.close();
    second.close();
    assertEquals(List.of(), closed);
  }
}
