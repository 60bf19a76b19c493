package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.PolicyDocument;
import io.sluice.broker.Topic;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.AddPermissionResponse;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.RemovePermissionResponse;

/**
 * AddPermission and RemovePermission: they edit the statements of the topic's {@code Policy}, whose
 * {@code Sid} is the label (Amazon's "AddPermission", "RemovePermission").
 */
final class TopicPermissions {

  private static final String SERVICE = "sns:";
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /** What a policy of a topic can be about (Amazon's "SNS policy keys and actions"). */
  private static final Set<String> ACTIONS =
      Set.of(
          "addpermission",
          "deletetopic",
          "getdataprotectionpolicy",
          "gettopicattributes",
          "listsubscriptionsbytopic",
          "listtagsforresource",
          "publish",
          "putdataprotectionpolicy",
          "receive",
          "removepermission",
          "settopicattributes",
          "subscribe");

  private final TopicDirectory topics;
  private final TopicStore store;

  TopicPermissions(TopicDirectory topics, TopicStore store) {
    this.topics = topics;
    this.store = store;
  }

  AddPermissionResponse add(AddPermissionRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    if (request.label() == null || request.label().isEmpty()) {
      throw SnsErrors.missingParameter("Label");
    }
    if (request.awsAccountIds().isEmpty()
        || !request.awsAccountIds().stream().allMatch(id -> ACCOUNT.matcher(id).matches())) {
      throw SnsErrors.invalidParameter("AWSAccountId");
    }
    if (request.actionNames().isEmpty()) {
      throw SnsErrors.missingParameter("ActionName");
    }
    if (!request.actionNames().stream()
        .allMatch(name -> ACTIONS.contains(name.toLowerCase(Locale.ROOT)))) {
      throw outOfScope();
    }
    store.change(
        topic,
        stored -> {
          PolicyDocument policy = policy(stored, topic);
          if (policy.has(request.label())) {
            throw SnsErrors.invalidParameter("Statement already exists");
          }
          policy.allow(
              request.label(),
              request.awsAccountIds(),
              request.actionNames().stream().map(name -> "SNS:" + name).toList(),
              TopicDirectory.arn(topic.name()));
          return TopicAttributes.with(stored, TopicAttributes.POLICY, policy.text());
        });
    return AddPermissionResponse.builder().build();
  }

  /** That there is no statement of that label is no error. */
  RemovePermissionResponse remove(RemovePermissionRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    if (request.label() == null || request.label().isEmpty()) {
      throw SnsErrors.missingParameter("Label");
    }
    store.change(
        topic,
        stored -> {
          PolicyDocument policy = policy(stored, topic);
          policy.remove(request.label());
          return TopicAttributes.with(stored, TopicAttributes.POLICY, policy.text());
        });
    return RemovePermissionResponse.builder().build();
  }

  /** The policy that the topic has, the default one if its owner set none. */
  private static PolicyDocument policy(Map<String, String> stored, Topic topic) {
    String arn = TopicDirectory.arn(topic.name());
    String account = CallContext.current().accountId();
    return PolicyDocument.stored(
        stored.getOrDefault(TopicAttributes.POLICY, DefaultPolicies.topic(arn, account)));
  }

  /**
   * Checks that the statements of a policy are about what a topic's policy can be about.
   *
   * @param prefix what the error begins with
   */
  static void checkScope(String prefix, Map<String, @Nullable Object> policy) {
    for (Object name : new PolicyDocument(policy).actions()) {
      if (!(name instanceof String action) || !isInScope(action.toLowerCase(Locale.ROOT))) {
        throw SnsErrors.invalidParameter(prefix + "Policy statement action out of service scope!");
      }
    }
  }

  private static boolean isInScope(String action) {
    return action.equals("*")
        || (action.startsWith(SERVICE)
            && (action.contains("*") || ACTIONS.contains(action.substring(SERVICE.length()))));
  }

  private static RuntimeException outOfScope() {
    return SnsErrors.invalidParameter("Policy statement action out of service scope!");
  }
}
