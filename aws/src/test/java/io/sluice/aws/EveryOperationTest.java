package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Every operation of every service, with a random value in every field of the request and of the
 * response, through the unmodified SDK client: the service must receive what was sent, the client
 * what was answered. SQS goes over JSON, SNS and STS over the Query protocol.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationTest {

  private static final List<Class<? extends SdkClient>> CONTRACTS =
      List.of(SqsClient.class, SnsClient.class, StsClient.class);

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final RandomPojos random = new RandomPojos(seed);
  private final Map<Class<?>, SdkPojo> answers = new ConcurrentHashMap<>();
  private final FakeService service = new FakeService(request -> answers.get(request.getClass()));
  private final Map<Class<?>, SdkClient> clients = new ConcurrentHashMap<>();
  private AwsListener listener;

  @BeforeAll
  void listen() {
    System.out.println("EveryOperationTest seed " + seed);
    listener =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            CONTRACTS.stream().map(service::as).toList());
    for (Class<? extends SdkClient> contract : CONTRACTS) {
      clients.put(contract, SdkClients.of(contract, listener.endpoint()));
    }
  }

  @AfterAll
  void close() {
    clients.values().forEach(SdkClient::close);
    listener.close();
  }

  static Stream<Method> operations() {
    return CONTRACTS.stream()
        .flatMap(contract -> Arrays.stream(contract.getMethods()))
        .filter(
            method ->
                method.getParameterCount() == 1
                    && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0])
                    && SdkResponse.class.isAssignableFrom(method.getReturnType()))
        .sorted(Comparator.comparing(Method::getName));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void keeps_every_field_of_request_and_response(Method operation) throws Exception {
    Class<?> requestType = operation.getParameterTypes()[0];
    SdkPojo request = random.fill(builder(requestType));
    SdkPojo answer = random.fill(builder(operation.getReturnType()));
    answers.put(requestType, answer);

    SdkPojo response =
        (SdkPojo) operation.invoke(clients.get(operation.getDeclaringClass()), request);

    assertTrue(
        request.equalsBySdkFields(service.request()), () -> request + "\n" + service.request());
    assertTrue(answer.equalsBySdkFields(response), () -> answer + "\n" + response);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void an_empty_response_stays_empty(Method operation) throws Exception {
    Class<?> requestType = operation.getParameterTypes()[0];
    SdkPojo empty = Shape.build(builder(operation.getReturnType()));
    answers.put(requestType, empty);

    SdkPojo response =
        (SdkPojo)
            operation.invoke(
                clients.get(operation.getDeclaringClass()), random.fill(builder(requestType)));

    assertTrue(empty.equalsBySdkFields(response), () -> "not empty: " + response);
  }

  private static SdkPojo builder(Class<?> type) throws ReflectiveOperationException {
    return (SdkPojo) type.getMethod("builder").invoke(null);
  }
}
