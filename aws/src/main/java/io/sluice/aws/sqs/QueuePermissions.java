package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.PolicyDocument;
import io.sluice.broker.Queue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.AddPermissionResponse;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionResponse;

/**
 * AddPermission and RemovePermission: they edit the statements of the queue's {@code Policy}, whose
 * {@code Sid} is the label (Amazon's "AddPermission"; "Amazon SQS policy quotas" has the limits).
 */
final class QueuePermissions {

  private static final Pattern LABEL =
      Pattern.compile("[a-zA-Z0-9_-]{1," + SqsLimits.LABEL_LENGTH + "}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /** What an owner can let others do; the rest is the owner's alone. */
  private static final Set<String> ACTIONS =
      Set.of(
          "*",
          "ChangeMessageVisibility",
          "DeleteMessage",
          "GetQueueAttributes",
          "GetQueueUrl",
          "ListDeadLetterSourceQueues",
          "PurgeQueue",
          "ReceiveMessage",
          "SendMessage");

  private final QueueDirectory queues;
  private final StoredAttributes stored;

  QueuePermissions(QueueDirectory queues, StoredAttributes stored) {
    this.queues = queues;
    this.stored = stored;
  }

  AddPermissionResponse add(AddPermissionRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    check(request);
    stored.change(
        queue,
        attributes -> {
          CallContext caller = CallContext.current();
          String arn = Arns.queue(caller.region(), caller.accountId(), queue.name());
          PolicyDocument policy = policy(attributes, arn);
          if (policy.has(request.label())) {
            throw SqsErrors.invalidParameter(request.label(), "Label", "Already exists.");
          }
          policy.allow(
              request.label(),
              request.awsAccountIds(),
              request.actions().stream().map(name -> "SQS:" + name).toList(),
              arn);
          return QueueAttributes.with(attributes, Map.of(QueueAttributes.POLICY, policy.text()));
        });
    return AddPermissionResponse.builder().build();
  }

  RemovePermissionResponse remove(RemovePermissionRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    if (request.label() == null) {
      throw SqsErrors.missingParameter("Label");
    }
    stored.change(
        queue,
        attributes -> {
          PolicyDocument policy = policy(attributes, queue.name());
          if (!policy.remove(request.label())) {
            throw SqsErrors.invalidParameter(request.label(), "Label", "can't find label.");
          }
          String text = policy.size() == 0 ? "" : policy.text();
          return QueueAttributes.with(attributes, Map.of(QueueAttributes.POLICY, text));
        });
    return RemovePermissionResponse.builder().build();
  }

  private static void check(AddPermissionRequest request) {
    if (request.label() == null) {
      throw SqsErrors.missingParameter("Label");
    }
    if (!LABEL.matcher(request.label()).matches()) {
      throw SqsErrors.invalidParameter(
          request.label(),
          "Label",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to "
              + SqsLimits.LABEL_LENGTH
              + " in length.");
    }
    if (request.actions().isEmpty()) {
      throw SqsErrors.missingParameter("Actions");
    }
    if (request.awsAccountIds().isEmpty()
        || request.awsAccountIds().size() > SqsLimits.POLICY_PRINCIPALS
        || !request.awsAccountIds().stream().allMatch(id -> ACCOUNT.matcher(id).matches())) {
      throw SqsErrors.invalidParameter(request.awsAccountIds(), "PrincipalId", "Unable to verify.");
    }
    if (request.actions().size() > SqsLimits.STATEMENT_ACTIONS) {
      throw SqsErrors.overLimit(
          request.actions().size()
              + " Actions were found, maximum allowed is "
              + SqsLimits.STATEMENT_ACTIONS
              + ".");
    }
    for (String action : request.actions()) {
      if (!ACTIONS.contains(action)) {
        throw SqsErrors.invalidParameter(
            "SQS:" + action,
            "ActionName",
            "Only the queue owner is allowed to invoke this action.");
      }
    }
  }

  private static PolicyDocument policy(SortedMap<String, String> attributes, String arn) {
    String text = attributes.get(QueueAttributes.POLICY);
    if (text != null) {
      return PolicyDocument.stored(text);
    }
    Map<String, @Nullable Object> empty = new LinkedHashMap<>();
    empty.put("Version", "2008-10-17");
    empty.put("Id", arn + "/SQSDefaultPolicy");
    return new PolicyDocument(empty);
  }
}
