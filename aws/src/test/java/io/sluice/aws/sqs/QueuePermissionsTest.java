package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** AddPermission and RemovePermission: what becomes of the queue's policy. */
class QueuePermissionsTest {

  private static final String ANNA = "111111111111";
  private static final String BERT = "222222222222";

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void permissions_become_statements_as_amazon_writes_them() {
    add("anna", List.of(ANNA), List.of("ReceiveMessage"));
    add("both", List.of(ANNA, BERT), List.of("SendMessage", "*"));
    services.restart();

    assertEquals(
        """
        {"Version":"2008-10-17",\
        "Id":"arn:aws:sqs:us-east-1:000000000000:orders/SQSDefaultPolicy","Statement":[\
        {"Sid":"anna","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},\
        "Action":"SQS:ReceiveMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:orders"},\
        {"Sid":"both","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root",\
        "arn:aws:iam::222222222222:root"]},"Action":["SQS:SendMessage","SQS:*"],\
        "Resource":"arn:aws:sqs:us-east-1:000000000000:orders"}]}\
        """,
        policy());
  }

  @Test
  void the_last_permission_takes_the_policy_with_it() {
    add("anna", List.of(ANNA), List.of("ReceiveMessage"));
    add("bert", List.of(BERT), List.of("ReceiveMessage"));

    remove("anna");
    Refused.with(
        "InvalidParameterValue",
        "Value anna for parameter Label is invalid. Reason: can't find label.",
        () -> remove("anna"));
    remove("bert");

    assertNull(policy());
    Refused.with(
        "InvalidParameterValue",
        "Value bert for parameter Label is invalid. Reason: can't find label.",
        () -> remove("bert"));
  }

  @Test
  void a_policy_that_was_set_is_added_to() {
    services
        .sqs()
        .setQueueAttributes(
            r ->
                r.queueUrl(queue)
                    .attributes(
                        Map.of(
                            QueueAttributeName.POLICY,
                            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"mine\",\"n\":1.50,"
                                + "\"b\":[true,null]}}")));
    add("anna", List.of(ANNA), List.of("ReceiveMessage"));
    remove("anna");

    assertEquals(
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"mine\",\"n\":1.5,"
            + "\"b\":[true,null]}]}",
        policy());
  }

  @Test
  void a_label_is_given_once() {
    add("anna", List.of(ANNA), List.of("ReceiveMessage"));

    refused("Value anna for parameter Label is invalid. Reason: Already exists.", "anna");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a.b", "ä"})
  void a_label_is_a_name(String label) {
    refused(
        "Value "
            + label
            + " for parameter Label is invalid. Reason: Can only include alphanumeric characters,"
            + " hyphens, or underscores. 1 to 80 in length.",
        label);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateQueue", "sendMessage", "Nonsense", "AddPermission"})
  void only_some_actions_can_be_let_to_others(String action) {
    Refused.with(
        "InvalidParameterValue",
        "Value SQS:"
            + action
            + " for parameter ActionName is invalid. Reason: Only the queue owner is allowed to"
            + " invoke this action.",
        () -> add("label", List.of(ANNA), List.of("SendMessage", action)));
  }

  @Test
  void numbers_have_limits() {
    Refused.with(
        OverLimitException.class,
        "OverLimit",
        403,
        "8 Actions were found, maximum allowed is 7.",
        () -> add("label", List.of(ANNA), Collections.nCopies(8, "SendMessage")));
    Refused.with(
        "InvalidParameterValue",
        "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        () -> add("label", List.of(), List.of("SendMessage")));
    Refused.with(
        "InvalidParameterValue",
        "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        () -> add("label", List.of("me"), List.of("SendMessage")));
    Refused.with(
        "MissingParameter",
        "The request must contain the parameter Actions.",
        () -> add("label", List.of(ANNA), List.of()));

    for (int i = 0; i < 20; i++) {
      add("label" + i, List.of(ANNA), List.of("SendMessage"));
    }
    Refused.with(
        OverLimitException.class,
        "OverLimit",
        403,
        "21 statements were found in the submitted policy, max allowed is 20",
        () -> add("one-more", List.of(ANNA), List.of("SendMessage")));
  }

  private void refused(String message, String label) {
    Refused.with(
        "InvalidParameterValue",
        message,
        () -> add(label, List.of(ANNA), List.of("ReceiveMessage")));
  }

  private void add(String label, List<String> accounts, List<String> actions) {
    services
        .sqs()
        .addPermission(
            r -> r.queueUrl(queue).label(label).awsAccountIds(accounts).actions(actions));
  }

  private void remove(String label) {
    services.sqs().removePermission(r -> r.queueUrl(queue).label(label));
  }

  private @Nullable String policy() {
    return services
        .sqs()
        .getQueueAttributes(r -> r.queueUrl(queue).attributeNames(QueueAttributeName.POLICY))
        .attributes()
        .get(QueueAttributeName.POLICY);
  }
}
