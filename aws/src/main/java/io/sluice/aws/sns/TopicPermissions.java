package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Json;
import io.sluice.broker.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  private static final String STATEMENT = "Statement";
  private static final String SID = "Sid";
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
          Map<String, @Nullable Object> policy = policy(stored, topic);
          List<@Nullable Object> statements = statements(policy);
          if (statements.stream().anyMatch(each -> isLabelled(each, request.label()))) {
            throw SnsErrors.invalidParameter("Statement already exists");
          }
          statements.add(statement(request, TopicDirectory.arn(topic.name())));
          policy.put(STATEMENT, statements);
          return TopicAttributes.with(stored, TopicAttributes.POLICY, Json.text(policy));
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
          Map<String, @Nullable Object> policy = policy(stored, topic);
          List<@Nullable Object> statements = statements(policy);
          statements.removeIf(each -> isLabelled(each, request.label()));
          policy.put(STATEMENT, statements);
          return TopicAttributes.with(stored, TopicAttributes.POLICY, Json.text(policy));
        });
    return RemovePermissionResponse.builder().build();
  }

  /** The policy that the topic has, the default one if its owner set none. */
  private static Map<String, @Nullable Object> policy(Map<String, String> stored, Topic topic) {
    String arn = TopicDirectory.arn(topic.name());
    String text =
        stored.getOrDefault(
            TopicAttributes.POLICY, DefaultPolicies.topic(arn, CallContext.current().accountId()));
    try {
      return Json.object(text);
    } catch (Json.NotJsonException e) {
      throw new IllegalStateException("the stored policy of topic " + topic.name() + " is none", e);
    }
  }

  /** A policy's statements; there may be one that is no list. */
  private static List<@Nullable Object> statements(Map<String, @Nullable Object> policy) {
    Object statements = policy.get(STATEMENT);
    List<@Nullable Object> list = new ArrayList<>();
    if (statements instanceof List<?> several) {
      list.addAll(several);
    } else if (statements != null) {
      list.add(statements);
    }
    return list;
  }

  private static boolean isLabelled(@Nullable Object statement, String label) {
    return statement instanceof Map<?, ?> fields && label.equals(fields.get(SID));
  }

  private static Map<String, @Nullable Object> statement(AddPermissionRequest request, String arn) {
    Map<String, @Nullable Object> statement = new LinkedHashMap<>();
    statement.put(SID, request.label());
    statement.put("Effect", "Allow");
    statement.put(
        "Principal",
        Map.of(
            "AWS",
            oneOrMany(
                request.awsAccountIds().stream()
                    .map(id -> "arn:aws:iam::" + id + ":root")
                    .toList())));
    statement.put(
        "Action", oneOrMany(request.actionNames().stream().map(name -> "SNS:" + name).toList()));
    statement.put("Resource", arn);
    return statement;
  }

  private static Object oneOrMany(List<String> values) {
    return values.size() == 1 ? values.getFirst() : values;
  }

  /**
   * Checks that the statements of a policy are about what a topic's policy can be about.
   *
   * @param prefix what the error begins with
   */
  static void checkScope(String prefix, Map<String, @Nullable Object> policy) {
    for (Object statement : statements(policy)) {
      Object actions = statement instanceof Map<?, ?> fields ? fields.get("Action") : null;
      List<?> names =
          actions instanceof List<?> several
              ? several
              : actions == null ? List.of() : List.of(actions);
      for (Object name : names) {
        if (!(name instanceof String action) || !isInScope(action.toLowerCase(Locale.ROOT))) {
          throw SnsErrors.invalidParameter(
              prefix + "Policy statement action out of service scope!");
        }
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
