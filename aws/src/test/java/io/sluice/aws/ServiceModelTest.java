package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The data files fit the SDK's classes: nothing misspelt, nothing forgotten. */
class ServiceModelTest {

  static List<Class<? extends SdkClient>> contracts() {
    return List.of(SqsClient.class, SnsClient.class, StsClient.class);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void knows_every_exception_that_an_operation_declares(Class<? extends SdkClient> contract) {
    ServiceModel model = ServiceModel.of(contract);
    for (Class<?> exception : declaredExceptions(contract)) {
      WireError error = model.errorOf(exception.getSimpleName());
      assertNotNull(error, exception.getSimpleName());
      assertTrue(error.status() >= 400 && error.status() < 600, exception.getSimpleName());
    }
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void names_classes_and_members_that_exist(Class<? extends SdkClient> contract) throws Exception {
    for (String key : properties(contract).stringPropertyNames()) {
      List<String> parts = List.of(key.split("[.]"));
      String model = contract.getPackageName() + ".model.";
      if (parts.getFirst().equals("required")) {
        Set<String> members = members(Class.forName(model + parts.get(1)));
        for (String member : ServiceModel.of(contract).required(parts.get(1))) {
          assertTrue(members.contains(member.replace("+", "")), key + " " + member);
        }
      } else if (parts.getFirst().equals("error")) {
        assertTrue(
            AwsServiceException.class.isAssignableFrom(Class.forName(model + parts.get(1))), key);
      } else if (parts.getFirst().equals("query") && parts.size() == 3) {
        assertTrue(members(Class.forName(model + parts.get(1))).contains(parts.get(2)), key);
      } else if (parts.getFirst().equals("operation")) {
        Class.forName(model + parts.get(1) + "Request");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void serves_every_operation(Class<? extends SdkClient> contract) {
    Service service =
        new Service(
            new FakeService(
                    request -> {
                      throw new IllegalStateException();
                    })
                .as(contract));
    assertEquals(operations(contract).count(), service.operationNames().size());
    for (String operation : service.operationNames()) {
      assertNotNull(service.operation(operation).orElseThrow().call(), operation);
    }
  }

  private static Stream<Method> operations(Class<?> contract) {
    return Arrays.stream(contract.getMethods())
        .filter(
            method ->
                method.getParameterCount() == 1
                    && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0])
                    && !method.getName().endsWith("Paginator"));
  }

  private static Set<Class<?>> declaredExceptions(Class<?> contract) {
    return operations(contract)
        .flatMap(method -> Arrays.stream(method.getExceptionTypes()))
        .filter(type -> type.getPackageName().startsWith(contract.getPackageName()))
        .filter(type -> Modifier.isFinal(type.getModifiers()))
        .collect(Collectors.toSet());
  }

  private static Set<String> members(Class<?> type) throws ReflectiveOperationException {
    SdkPojo builder = (SdkPojo) type.getMethod("builder").invoke(null);
    Set<String> names = new TreeSet<>();
    for (SdkField<?> field : builder.sdkFields()) {
      names.add(field.locationName());
    }
    return names;
  }

  private static Properties properties(Class<?> contract) throws IOException {
    String file = contract.getSimpleName().replace("Client", "").toLowerCase(Locale.ROOT);
    Properties properties = new Properties();
    try (InputStream data = ServiceModel.class.getResourceAsStream(file + ".properties")) {
      properties.load(data);
    }
    return properties;
  }
}
