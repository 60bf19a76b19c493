package io.sluice.aws;

import io.sluice.aws.sns.SnsService;
import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.sts.StsIdentity;
import io.sluice.broker.Broker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** docs/aws-apis.md, made from the services and from what their data files leave out. */
final class ActionTable {

  private final Map<String, Service> services = new LinkedHashMap<>();

  ActionTable(Broker broker) {
    services.put("Amazon SQS", new Service(AwsService.of(SqsClient.class, new SqsService(broker))));
    services.put("Amazon SNS", new Service(AwsService.of(SnsClient.class, new SnsService(broker))));
    services.put("AWS STS", new Service(AwsService.of(StsClient.class, new StsIdentity())));
  }

  /** By the name of the service. */
  Map<String, Service> services() {
    return services;
  }

  static boolean isServed(Service service, String action) {
    return service.operation(action).orElseThrow().call() != null;
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            <!-- Written from the services: ActionTableTest says how. -->
            # AWS's APIs

            Every action of the AWS SDK's clients for these services: whether it is served, and the reason why not, which is
            also what its error says. An SDK gets `AWS.SimpleQueueService.UnsupportedOperation` for an action of SQS that is
            left out, and `InvalidAction` for one of the others.
            """);
    services.forEach((name, service) -> add(text, name, service));
    return text.toString();
  }

  private static void add(StringBuilder text, String name, Service service) {
    TreeSet<String> actions = new TreeSet<>(service.operationNames());
    long served = actions.stream().filter(action -> isServed(service, action)).count();
    text.append(
        "\n## %s (version %s): %d of %d\n\n| action | |\n| --- | --- |\n"
            .formatted(name, service.model().version(), served, actions.size()));
    for (String action : actions) {
      String what =
          isServed(service, action)
              ? "served"
              : "Left out. " + service.model().reasonFor(action).orElse("");
      text.append("| %s | %s |\n".formatted(action, what));
    }
  }
}
