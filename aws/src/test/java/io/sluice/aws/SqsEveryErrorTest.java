package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.sqs.SqsOptions;
import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.testing.EmbeddedServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Each bad request of {@link SqsBadRequests} over both protocols: an error is Amazon's in JSON
 * ({@code __type} and {@code x-amzn-query-error}) and in XML (code, type, sentence).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqsEveryErrorTest {

  private EmbeddedServices services;
  private ServedActions actions;

  @BeforeAll
  void open(@TempDir Path directory) {
    services = new EmbeddedServices(directory);
    SqsClient sqs = new SqsService(services.broker(), new SqsOptions(true, true));
    actions = new ServedActions(AwsService.of(SqsClient.class, sqs));
    SqsBadRequests.prepare(sqs);
  }

  @AfterAll
  void close() {
    actions.close();
    services.close();
  }

  static Stream<SqsBadRequests.Bad> badRequests() {
    return SqsBadRequests.all();
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void in_json(SqsBadRequests.Bad bad) throws IOException {
    Operation operation = actions.of(bad.request());
    String body = new String(JsonWriter.write(operation.request(), bad.request()), UTF_8);

    RawHttp.Response response =
        RawHttp.exchange(actions.listener(), RawHttp.json("AmazonSQS." + operation.name(), body));

    assertEquals(bad.error().status(), response.status(), response.body());
    assertEquals(bad.error().code() + ";Sender", response.headers().get("x-amzn-query-error"));
    String type = "{\"__type\":\"" + bad.error().type() + "\",\"message\":\"";
    assertTrue(response.body().startsWith(type), response.body());
    assertTrue(response.body().contains(bad.sentence().replace("\"", "\\\"")), response.body());
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void in_query(SqsBadRequests.Bad bad) throws IOException {
    RawHttp.Response response = actions.query(bad.request());

    assertEquals(bad.error().status(), response.status(), response.body());
    String xml = ServedActions.unescaped(response);
    String start = "<Error><Type>Sender</Type><Code>" + bad.error().code() + "</Code><Message>";
    assertTrue(xml.contains(start), xml);
    assertTrue(xml.contains(bad.sentence()), xml);
  }

  /** So that a new action comes with its errors. */
  @Test
  void every_action_that_is_there_has_a_bad_request() {
    assertEquals(actions.names(), actions.names(badRequests().map(SqsBadRequests.Bad::request)));
  }

  /** So that a new sentence of the service is tried too. */
  @Test
  void every_code_of_the_service_is_met() {
    Set<String> met =
        badRequests().map(bad -> bad.error().code()).collect(Collectors.toCollection(TreeSet::new));
    List<String> missing = new ArrayList<>(Arrays.asList(SqsBadRequests.CODES));
    missing.removeAll(met);

    assertEquals(List.of(), missing);
  }
}
