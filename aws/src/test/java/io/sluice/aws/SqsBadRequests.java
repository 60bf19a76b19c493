package io.sluice.aws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;

/** The table: requests that SQS refuses, and how Amazon does it in both protocols. */
final class SqsBadRequests {

  /** An error as both protocols name it. */
  record Named(String type, String code, int status) {}

  /**
   * A request that is refused.
   *
   * @param sentence all of the error's message, or what both protocols have of it
   */
  record Bad(SdkPojo request, Named error, String sentence) {
    @Override
    public String toString() {
      String text = request.toString();
      return error.code() + " " + text.substring(0, Math.min(120, text.length()));
    }
  }

  private static final String SQS = "com.amazonaws.sqs#";
  private static final String CORAL = "com.amazon.coral.service#";
  private static final String LONG_CODE = "AWS.SimpleQueueService.";

  private static final Named NO_QUEUE =
      new Named(SQS + "QueueDoesNotExist", LONG_CODE + "NonExistentQueue", 400);
  private static final Named EXISTS = new Named(SQS + "QueueNameExists", "QueueAlreadyExists", 400);
  private static final Named DELETED =
      new Named(SQS + "QueueDeletedRecently", LONG_CODE + "QueueDeletedRecently", 400);
  private static final Named ADDRESS = new Named(SQS + "InvalidAddress", "InvalidAddress", 404);
  private static final Named NAME =
      new Named(SQS + "InvalidAttributeName", "InvalidAttributeName", 400);
  private static final Named VALUE =
      new Named(SQS + "InvalidAttributeValue", "InvalidAttributeValue", 400);
  private static final Named PARAMETER =
      new Named(CORAL + "InvalidParameterValueException", "InvalidParameterValue", 400);
  private static final Named MISSING =
      new Named(CORAL + "MissingRequiredParameterException", "MissingParameter", 400);
  private static final Named CONTENTS =
      new Named(SQS + "InvalidMessageContents", "InvalidMessageContents", 400);
  private static final Named HANDLE =
      new Named(SQS + "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404);
  private static final Named PURGING =
      new Named(SQS + "PurgeQueueInProgress", LONG_CODE + "PurgeQueueInProgress", 403);
  private static final Named OVER = new Named(SQS + "OverLimit", "OverLimit", 403);
  private static final Named NO_RESOURCE =
      new Named(SQS + "ResourceNotFoundException", "ResourceNotFoundException", 404);
  private static final Named EMPTY =
      new Named(SQS + "EmptyBatchRequest", LONG_CODE + "EmptyBatchRequest", 400);
  private static final Named TOO_MANY =
      new Named(
          SQS + "TooManyEntriesInBatchRequest", LONG_CODE + "TooManyEntriesInBatchRequest", 400);
  private static final Named BATCH_ID =
      new Named(SQS + "InvalidBatchEntryId", LONG_CODE + "InvalidBatchEntryId", 400);
  private static final Named SAME_ID =
      new Named(SQS + "BatchEntryIdsNotDistinct", LONG_CODE + "BatchEntryIdsNotDistinct", 400);
  private static final Named TOO_LONG =
      new Named(SQS + "BatchRequestTooLong", LONG_CODE + "BatchRequestTooLong", 400);

  /** All codes that must be met. */
  static final String[] CODES = {
    NO_RESOURCE.code(),
    NO_QUEUE.code(),
    EXISTS.code(),
    DELETED.code(),
    ADDRESS.code(),
    NAME.code(),
    VALUE.code(),
    PARAMETER.code(),
    MISSING.code(),
    CONTENTS.code(),
    HANDLE.code(),
    PURGING.code(),
    OVER.code(),
    EMPTY.code(),
    TOO_MANY.code(),
    BATCH_ID.code(),
    SAME_ID.code(),
    TOO_LONG.code()
  };

  /** The queue that is there. */
  private static final String QUEUE = "http://localhost:4566/000000000000/orders";

  private static final String NOWHERE = "http://localhost:4566/000000000000/nothing";
  private static final String LARGE = "x".repeat(1_048_577);
  private static final String NO_QUEUE_SENTENCE = "The specified queue does not exist.";
  private static final String MUST_CONTAIN = "The request must contain the parameter ";

  private final List<Bad> bad = new ArrayList<>();

  private SqsBadRequests() {}

  /** Makes the queues that the requests speak of. */
  static void prepare(SqsClient sqs) {
    sqs.createQueue(r -> r.queueName("orders"));
    sqs.addPermission(
        r -> r.queueUrl(QUEUE).label("there").awsAccountIds("111111111111").actions("*"));
    sqs.purgeQueue(r -> r.queueUrl(QUEUE));
    String deleted = sqs.createQueue(r -> r.queueName("deleted")).queueUrl();
    sqs.deleteQueue(r -> r.queueUrl(deleted));
  }

  static Stream<Bad> all() {
    SqsBadRequests table = new SqsBadRequests();
    table.unknownQueues();
    table.missing();
    table.lifecycle();
    table.attributes();
    table.tags();
    table.permissions();
    table.sending();
    table.batches();
    table.receiving();
    table.deadLetters();
    return table.bad.stream();
  }

  private void add(Named error, String sentence, SdkPojo request) {
    bad.add(new Bad(request, error, sentence));
  }

  private void unknownQueues() {
    for (String url : List.of(NOWHERE, "http://localhost:4566/999999999999/orders", "nothing")) {
      unknownQueue(
          AddPermissionRequest.builder()
              .queueUrl(url)
              .label("l")
              .awsAccountIds("1")
              .actions("*")
              .build());
      unknownQueue(
          ChangeMessageVisibilityRequest.builder()
              .queueUrl(url)
              .receiptHandle("h")
              .visibilityTimeout(1)
              .build());
      unknownQueue(
          ChangeMessageVisibilityBatchRequest.builder()
              .queueUrl(url)
              .entries(changeEntry("1"))
              .build());
      unknownQueue(DeleteMessageRequest.builder().queueUrl(url).receiptHandle("h").build());
      unknownQueue(
          DeleteMessageBatchRequest.builder().queueUrl(url).entries(deleteEntry("1")).build());
      unknownQueue(DeleteQueueRequest.builder().queueUrl(url).build());
      unknownQueue(GetQueueAttributesRequest.builder().queueUrl(url).build());
      unknownQueue(ListQueueTagsRequest.builder().queueUrl(url).build());
      unknownQueue(PurgeQueueRequest.builder().queueUrl(url).build());
      unknownQueue(ReceiveMessageRequest.builder().queueUrl(url).build());
      unknownQueue(RemovePermissionRequest.builder().queueUrl(url).label("l").build());
      unknownQueue(SendMessageRequest.builder().queueUrl(url).messageBody("b").build());
      unknownQueue(
          SendMessageBatchRequest.builder().queueUrl(url).entries(sendEntry("1", "b")).build());
      unknownQueue(
          SetQueueAttributesRequest.builder()
              .queueUrl(url)
              .attributesWithStrings(Map.of("DelaySeconds", "1"))
              .build());
      unknownQueue(TagQueueRequest.builder().queueUrl(url).tags(Map.of("k", "v")).build());
      unknownQueue(UntagQueueRequest.builder().queueUrl(url).tagKeys("k").build());
    }
    unknownQueue(GetQueueUrlRequest.builder().queueName("nothing").build());
    unknownQueue(
        GetQueueUrlRequest.builder()
            .queueName("orders")
            .queueOwnerAWSAccountId("999999999999")
            .build());
  }

  private void unknownQueue(SdkPojo request) {
    add(NO_QUEUE, NO_QUEUE_SENTENCE, request);
  }

  private void missing() {
    for (SdkPojo request :
        List.<SdkPojo>of(
            AddPermissionRequest.builder().queueUrl(QUEUE).build(),
            AddPermissionRequest.builder().queueUrl(QUEUE).label("l").actions("*").build(),
            ChangeMessageVisibilityRequest.builder().queueUrl(QUEUE).receiptHandle("h").build(),
            ChangeMessageVisibilityBatchRequest.builder().build(),
            CreateQueueRequest.builder().build(),
            DeleteMessageRequest.builder().queueUrl(QUEUE).build(),
            DeleteMessageBatchRequest.builder().build(),
            DeleteQueueRequest.builder().build(),
            GetQueueAttributesRequest.builder().build(),
            GetQueueUrlRequest.builder().build(),
            ListQueueTagsRequest.builder().build(),
            PurgeQueueRequest.builder().build(),
            ReceiveMessageRequest.builder().build(),
            RemovePermissionRequest.builder().queueUrl(QUEUE).build(),
            SendMessageRequest.builder().queueUrl(QUEUE).build(),
            SendMessageRequest.builder().queueUrl(QUEUE).messageBody("").build(),
            SendMessageBatchRequest.builder()
                .queueUrl(QUEUE)
                .entries(SendMessageBatchRequestEntry.builder().id("1").build())
                .build(),
            SetQueueAttributesRequest.builder().queueUrl(QUEUE).build(),
            TagQueueRequest.builder().queueUrl(QUEUE).build(),
            UntagQueueRequest.builder().queueUrl(QUEUE).build())) {
      add(MISSING, MUST_CONTAIN, request);
    }
  }

  private void lifecycle() {
    add(
        ADDRESS,
        "The address / is not valid for this endpoint.",
        DeleteQueueRequest.builder().queueUrl("/").build());
    for (String name : List.of("", "a b", "a.b", "ä", "x".repeat(81), "orders.fifo")) {
      add(
          PARAMETER,
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
          CreateQueueRequest.builder().queueName(name).build());
    }
    add(
        DELETED,
        "You must wait 60 seconds after deleting a queue before you can create another with the"
            + " same name.",
        CreateQueueRequest.builder().queueName("deleted").build());
    add(
        EXISTS,
        "A queue already exists with the same name and a different value for attribute"
            + " DelaySeconds",
        create(Map.of("DelaySeconds", "1")));
    add(
        PURGING,
        "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
        PurgeQueueRequest.builder().queueUrl(QUEUE).build());
    for (int results : new int[] {0, 1_001, -1}) {
      add(
          PARAMETER,
          "Value "
              + results
              + " for parameter MaxResults is invalid. Reason: Must be between 1"
              + " and 1000, if provided.",
          ListQueuesRequest.builder().maxResults(results).build());
    }
    add(
        PARAMETER,
        "for parameter NextToken is invalid.",
        ListQueuesRequest.builder().maxResults(1).nextToken("?").build());
  }

  private static CreateQueueRequest create(Map<String, String> attributes) {
    return CreateQueueRequest.builder()
        .queueName("orders")
        .attributesWithStrings(attributes)
        .build();
  }

  private void attributes() {
    Map<String, List<String>> illegal =
        Map.of(
            "DelaySeconds", List.of("-1", "901", "x", "1.5"),
            "MaximumMessageSize", List.of("1023", "1048577"),
            "MessageRetentionPeriod", List.of("59", "1209601"),
            "ReceiveMessageWaitTimeSeconds", List.of("-1", "21"),
            "VisibilityTimeout", List.of("-1", "43201"),
            "KmsDataKeyReusePeriodSeconds", List.of("59", "86401"),
            "SqsManagedSseEnabled", List.of("yes"),
            "Policy", List.of("x", "[]"));
    illegal.forEach(
        (name, values) ->
            values.forEach(
                value -> {
                  String sentence = "Invalid value for the parameter " + name + ".";
                  add(VALUE, sentence, set(name, value));
                  add(VALUE, sentence, create(Map.of(name, value)));
                }));
    for (String name : List.of("Nonsense", "QueueArn", "CreatedTimestamp", "All")) {
      add(NAME, "Unknown Attribute " + name + ".", set(name, "1"));
      add(NAME, "Unknown Attribute " + name + ".", create(Map.of(name, "1")));
    }
    add(
        NAME,
        "Unknown Attribute Nonsense.",
        GetQueueAttributesRequest.builder()
            .queueUrl(QUEUE)
            .attributeNamesWithStrings("All", "Nonsense")
            .build());
    add(
        NAME,
        "You can use one type of server-side encryption (SSE) at one time.",
        SetQueueAttributesRequest.builder()
            .queueUrl(QUEUE)
            .attributesWithStrings(Map.of("KmsMasterKeyId", "k", "SqsManagedSseEnabled", "true"))
            .build());
    add(
        OVER,
        "21 statements were found in the submitted policy, max allowed is 20",
        set("Policy", "{\"Statement\":[" + "{},".repeat(20) + "{}]}"));
  }

  private static SetQueueAttributesRequest set(String name, String value) {
    return SetQueueAttributesRequest.builder()
        .queueUrl(QUEUE)
        .attributesWithStrings(Map.of(name, value))
        .build();
  }

  private void tags() {
    Map<String, String> many = new HashMap<>();
    IntStream.range(0, 51).forEach(i -> many.put("k" + i, "v"));
    tag("Too many tags added for queue orders.", many);
    tag("Tag keys must be between 1 and 128 characters in length.", Map.of("k".repeat(129), "v"));
    tag("Tag values must be between 0 and 256 characters in length.", Map.of("k", "v".repeat(257)));
    tag("Tag keys must not start with aws:.", Map.of("aws:k", "v"));
    tag("Tag keys can only contain letters", Map.of("a*", "v"));
    tag("Value x for parameter Tag.Value is invalid.", Map.of("sluice:rewind", "x"));
    tag("Value x-0:1 for parameter Tag.Value is invalid.", Map.of("sluice:rewind", "x-0:1"));
    add(
        PARAMETER,
        "Tag keys must be between 1 and 128 characters in length.",
        UntagQueueRequest.builder().queueUrl(QUEUE).tagKeys("k".repeat(129)).build());
    add(
        PARAMETER,
        "Too many tags added for queue tagged.",
        CreateQueueRequest.builder().queueName("tagged").tags(many).build());
  }

  private void tag(String sentence, Map<String, String> tags) {
    add(PARAMETER, sentence, TagQueueRequest.builder().queueUrl(QUEUE).tags(tags).build());
  }

  private void permissions() {
    permission(
        PARAMETER,
        "Value there for parameter Label is invalid. Reason: Already exists.",
        r -> r.label("there"));
    permission(PARAMETER, "Value a b for parameter Label is invalid.", r -> r.label("a b"));
    permission(
        PARAMETER,
        "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        r -> r.awsAccountIds("me"));
    permission(
        PARAMETER,
        "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is"
            + " allowed to invoke this action.",
        r -> r.actions("CreateQueue"));
    permission(
        OVER,
        "8 Actions were found, maximum allowed is 7.",
        r -> r.actions(Collections.nCopies(8, "SendMessage")));
    add(
        PARAMETER,
        "Value nothing for parameter Label is invalid. Reason: can't find label.",
        RemovePermissionRequest.builder().queueUrl(QUEUE).label("nothing").build());
  }

  private void permission(
      Named error, String sentence, Consumer<AddPermissionRequest.Builder> change) {
    AddPermissionRequest.Builder request =
        AddPermissionRequest.builder()
            .queueUrl(QUEUE)
            .label("new")
            .awsAccountIds("111111111111")
            .actions("SendMessage");
    change.accept(request);
    add(error, sentence, request.build());
  }

  private void sending() {
    send(
        PARAMETER,
        "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
        r -> r.messageBody(LARGE));
    for (String body : List.of("\u0001", "a\uFFFE", "\u000b")) {
      send(
          CONTENTS,
          "Invalid characters found. Valid unicode characters are #x9",
          r -> r.messageBody(body));
    }
    for (int seconds : new int[] {-1, 901}) {
      send(
          PARAMETER,
          "Value " + seconds + " for parameter DelaySeconds is invalid.",
          r -> r.delaySeconds(seconds));
    }
    for (String group : List.of("a b", "x".repeat(129))) {
      send(
          PARAMETER,
          "Value "
              + group
              + " for parameter MessageGroupId is invalid. Reason: MessageGroupId can"
              + " only include alphanumeric and punctuation characters. 1 to 128 in length.",
          r -> r.messageGroupId(group));
    }
    system("Other", system("String", "x"));
    system("awstraceheader", system("String", "Root=1"));
    system("AWSTraceHeader", system("Number", "1"));
    system("AWSTraceHeader", system("String.custom", "Root=1"));
    system("AWSTraceHeader", system("String", ""));
    system("AWSTraceHeader", system("String", "x".repeat(2_049)));
    system("AWSTraceHeader", system("String", "\u0001"));
    system(
        "AWSTraceHeader",
        MessageSystemAttributeValue.builder()
            .dataType("Binary")
            .binaryValue(SdkBytes.fromUtf8String("Root=1"))
            .build());
    Map<String, MessageAttributeValue> many = new HashMap<>();
    IntStream.range(0, 11).forEach(i -> many.put("a" + i, text("String", "v")));
    send(
        PARAMETER,
        "Number of message attributes [11] exceeds the allowed maximum [10].",
        r -> r.messageAttributes(many));
    attribute("The message attribute name 'aws.x' is invalid.", "aws.x", text("String", "v"));
    attribute("The message attribute name 'a b' is invalid.", "a b", text("String", "v"));
    attribute("must contain a non-empty value of type 'String'.", "a", text("String", ""));
    attribute("The type of message (user) attribute 'a' is invalid.", "a", text("Text", "v"));
    attribute("Can't cast the value of message (user) attribute 'a'", "a", text("Number", "v"));
    attribute(
        "must contain a non-empty value of type 'Binary'.",
        "a",
        MessageAttributeValue.builder().dataType("Binary").stringValue("x").build());
    attribute(
        "must contain a non-empty value of type 'String'.",
        "a",
        MessageAttributeValue.builder()
            .dataType("String")
            .binaryValue(SdkBytes.fromUtf8String("x"))
            .build());
  }

  private static MessageAttributeValue text(String type, String value) {
    return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
  }

  private void system(String name, MessageSystemAttributeValue value) {
    send(
        PARAMETER,
        "Message system attribute '" + name + "' is invalid.",
        r -> r.messageSystemAttributesWithStrings(Map.of(name, value)));
  }

  private static MessageSystemAttributeValue system(String type, String value) {
    return MessageSystemAttributeValue.builder().dataType(type).stringValue(value).build();
  }

  private void attribute(String sentence, String name, MessageAttributeValue value) {
    send(PARAMETER, sentence, r -> r.messageAttributes(Map.of(name, value)));
  }

  private void send(Named error, String sentence, Consumer<SendMessageRequest.Builder> change) {
    SendMessageRequest.Builder request =
        SendMessageRequest.builder().queueUrl(QUEUE).messageBody("b");
    change.accept(request);
    add(error, sentence, request.build());
  }

  private void batches() {
    add(
        EMPTY,
        "There should be at least one SendMessageBatchRequestEntry in the request.",
        SendMessageBatchRequest.builder().queueUrl(QUEUE).build());
    add(
        EMPTY,
        "There should be at least one DeleteMessageBatchRequestEntry in the request.",
        DeleteMessageBatchRequest.builder().queueUrl(QUEUE).build());
    add(
        EMPTY,
        "There should be at least one ChangeMessageVisibilityBatchRequestEntry in the request.",
        ChangeMessageVisibilityBatchRequest.builder().queueUrl(QUEUE).build());
    ids(
        TOO_MANY,
        "Maximum number of entries per request are 10. You have sent 11.",
        IntStream.range(0, 11).mapToObj(Integer::toString).toList());
    for (String id : List.of("a b", "ä", "x".repeat(81))) {
      ids(BATCH_ID, "A batch entry id can only contain alphanumeric characters", List.of(id));
    }
    ids(SAME_ID, "Id a repeated.", List.of("a", "b", "a"));
    add(
        TOO_LONG,
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
        SendMessageBatchRequest.builder()
            .queueUrl(QUEUE)
            .entries(sendEntry("1", LARGE.substring(2)), sendEntry("2", "xx"))
            .build());
  }

  private void ids(Named error, String sentence, List<String> ids) {
    add(
        error,
        sentence,
        SendMessageBatchRequest.builder()
            .queueUrl(QUEUE)
            .entries(ids.stream().map(id -> sendEntry(id, "b")).toList())
            .build());
    add(
        error,
        sentence,
        DeleteMessageBatchRequest.builder()
            .queueUrl(QUEUE)
            .entries(ids.stream().map(SqsBadRequests::deleteEntry).toList())
            .build());
  }

  private static SendMessageBatchRequestEntry sendEntry(String id, String body) {
    return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
  }

  private static DeleteMessageBatchRequestEntry deleteEntry(String id) {
    return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle("h").build();
  }

  private static ChangeMessageVisibilityBatchRequestEntry changeEntry(String id) {
    return ChangeMessageVisibilityBatchRequestEntry.builder().id(id).receiptHandle("h").build();
  }

  private void deadLetters() {
    String target = "\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:nothing\"";
    String start = " for parameter RedrivePolicy is invalid. Reason: ";
    add(
        VALUE,
        "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON"
            + " map.",
        set("RedrivePolicy", "x"));
    redrive("{" + target + "}", start + "Redrive policy does not contain mandatory attribute");
    redrive(
        "{" + target + ",\"maxReceiveCount\":1001}", start + "Invalid value for maxReceiveCount");
    redrive("{" + target + ",\"maxReceiveCount\":1}", start + "Dead letter target does not exist.");
    add(
        VALUE,
        "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create",
        set("RedriveAllowPolicy", "x"));
    add(
        PARAMETER,
        "When you specify the byQueue permission type, you must also specify one or more",
        set("RedriveAllowPolicy", "{\"redrivePermission\":\"byQueue\"}"));
    unknownQueue(ListDeadLetterSourceQueuesRequest.builder().queueUrl(NOWHERE).build());
    add(
        PARAMETER,
        "Must be between 1 and 1000, if provided.",
        ListDeadLetterSourceQueuesRequest.builder().queueUrl(QUEUE).maxResults(0).build());
    moveTasks();
  }

  private void redrive(String policy, String sentence) {
    add(PARAMETER, sentence, set("RedrivePolicy", policy));
  }

  private void moveTasks() {
    String nowhere = "arn:aws:sqs:us-east-1:000000000000:nothing";
    String noSource = "The resource that you specified for the SourceArn parameter doesn't exist.";
    add(NO_RESOURCE, noSource, StartMessageMoveTaskRequest.builder().sourceArn(nowhere).build());
    add(NO_RESOURCE, noSource, ListMessageMoveTasksRequest.builder().sourceArn(nowhere).build());
    add(
        PARAMETER,
        "You must use this format to specify the SourceArn",
        ListMessageMoveTasksRequest.builder().sourceArn("x").build());
    add(
        PARAMETER,
        "Source queue must be configured as a Dead Letter Queue.",
        StartMessageMoveTaskRequest.builder()
            .sourceArn("arn:aws:sqs:us-east-1:000000000000:orders")
            .build());
    add(
        PARAMETER,
        "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if"
            + " provided.",
        ListMessageMoveTasksRequest.builder()
            .sourceArn("arn:aws:sqs:us-east-1:000000000000:orders")
            .maxResults(11)
            .build());
    add(
        PARAMETER,
        "Value for parameter TaskHandle is invalid.",
        CancelMessageMoveTaskRequest.builder().taskHandle("x").build());
    add(MISSING, MUST_CONTAIN, StartMessageMoveTaskRequest.builder().build());
    add(MISSING, MUST_CONTAIN, ListMessageMoveTasksRequest.builder().build());
    add(MISSING, MUST_CONTAIN, CancelMessageMoveTaskRequest.builder().build());
    add(MISSING, MUST_CONTAIN, ListDeadLetterSourceQueuesRequest.builder().build());
  }

  private void receiving() {
    receive(
        "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10,"
            + " if provided.",
        r -> r.maxNumberOfMessages(0));
    receive(
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10,"
            + " if provided.",
        r -> r.maxNumberOfMessages(11));
    receive(
        "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if"
            + " provided.",
        r -> r.waitTimeSeconds(21));
    receive(
        "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <="
            + " 43200, if provided.",
        r -> r.visibilityTimeout(43_201));
    add(
        NAME,
        "Unknown Attribute Nonsense.",
        ReceiveMessageRequest.builder()
            .queueUrl(QUEUE)
            .messageSystemAttributeNamesWithStrings("Nonsense")
            .build());
    add(
        HANDLE,
        "The input receipt handle \"h\" is not a valid receipt handle.",
        DeleteMessageRequest.builder().queueUrl(QUEUE).receiptHandle("h").build());
    add(
        HANDLE,
        "The input receipt handle \"h\" is not a valid receipt handle.",
        ChangeMessageVisibilityRequest.builder()
            .queueUrl(QUEUE)
            .receiptHandle("h")
            .visibilityTimeout(1)
            .build());
    add(
        PARAMETER,
        "Value 43201 for parameter VisibilityTimeout is invalid.",
        ChangeMessageVisibilityRequest.builder()
            .queueUrl(QUEUE)
            .receiptHandle("h")
            .visibilityTimeout(43_201)
            .build());
  }

  private void receive(String sentence, Consumer<ReceiveMessageRequest.Builder> change) {
    ReceiveMessageRequest.Builder request = ReceiveMessageRequest.builder().queueUrl(QUEUE);
    change.accept(request);
    add(PARAMETER, sentence, request.build());
  }
}
