package io.sluice.aws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.GetDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PutDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;

/** The table: requests that SNS refuses, and how Amazon does it. */
final class SnsBadRequests {

  /** An error as the Query protocol names it. */
  record Named(String code, int status) {}

  /**
   * A request that is refused.
   *
   * @param sentence all of the error's message, or a part of it
   */
  record Bad(SdkPojo request, Named error, String sentence) {
    @Override
    public String toString() {
      String text = request.toString();
      return error.code() + " " + text.substring(0, Math.min(120, text.length()));
    }
  }

  /**
   * What the requests speak of, besides the topic.
   *
   * @param queue a queue's subscription
   * @param authenticated one that only a signed request may end
   * @param filtered one that has as many filter policies as it may
   */
  record Subscribed(String queue, String authenticated, String filtered) {}

  private static final Named INVALID = new Named("InvalidParameter", 400);
  private static final Named NOT_FOUND = new Named("NotFound", 404);
  private static final Named NO_RESOURCE = new Named("ResourceNotFound", 404);
  private static final Named VALIDATION = new Named("ValidationError", 400);
  private static final Named ATTRIBUTE = new Named("ParameterValueInvalid", 400);
  private static final Named FORBIDDEN = new Named("AuthorizationError", 403);
  private static final Named TAGS = new Named("TagLimitExceeded", 400);
  private static final Named FILTERS = new Named("FilterPolicyLimitExceeded", 403);
  private static final Named EMPTY = new Named("EmptyBatchRequest", 400);
  private static final Named TOO_MANY = new Named("TooManyEntriesInBatchRequest", 400);
  private static final Named SAME_ID = new Named("BatchEntryIdsNotDistinct", 400);
  private static final Named BATCH_ID = new Named("InvalidBatchEntryId", 400);
  private static final Named STATE = new Named("InvalidState", 400);
  private static final Named TOO_LONG = new Named("BatchRequestTooLong", 400);

  /** All codes that must be met, but for the limits of topics and subscriptions. */
  static final List<Named> ERRORS =
      List.of(
          INVALID,
          NOT_FOUND,
          NO_RESOURCE,
          VALIDATION,
          ATTRIBUTE,
          FORBIDDEN,
          TAGS,
          FILTERS,
          EMPTY,
          TOO_MANY,
          SAME_ID,
          BATCH_ID,
          TOO_LONG,
          STATE);

  private static final String SNS = "arn:aws:sns:us-east-1:000000000000:";

  /** The topic that is there. */
  static final String TOPIC = SNS + "orders";

  /** A FIFO topic with an archive. */
  static final String FIFO_TOPIC = SNS + "orders.fifo";

  private static final String NOWHERE = SNS + "nothing";
  private static final String FOREIGN = "arn:aws:sns:us-east-1:999999999999:orders";
  private static final String NO_SUBSCRIPTION = TOPIC + ":01234567-89ab-cdef-0123-456789abcdef";

  private static final String NO_TOPIC_SENTENCE = "Topic does not exist";
  private static final String NO_SUBSCRIPTION_SENTENCE = "Subscription does not exist";
  private static final String NO_RESOURCE_SENTENCE = "Resource does not exist";
  private static final String PREFIX = "Invalid parameter: ";
  private static final int MESSAGE_BYTES = 262_144;

  private final List<Bad> bad = new ArrayList<>();
  private final Subscribed subscribed;

  private SnsBadRequests(Subscribed subscribed) {
    this.subscribed = subscribed;
  }

  static Stream<Bad> all(Subscribed subscribed) {
    SnsBadRequests table = new SnsBadRequests(subscribed);
    table.topics();
    table.subscriptions();
    table.missing();
    table.creation();
    table.topicAttributes();
    table.tags();
    table.permissions();
    table.dataProtection();
    table.pages();
    table.subscribing();
    table.subscriptionAttributes();
    table.endOfSubscriptions();
    table.publishing();
    table.messageAttributes();
    table.batches();
    table.fifoTopics();
    table.fifoMessages();
    return table.bad.stream();
  }

  private void add(Named error, String sentence, SdkPojo request) {
    bad.add(new Bad(request, error, sentence));
  }

  private void invalid(String what, SdkPojo request) {
    add(INVALID, PREFIX + what, request);
  }

  /** A request of each action that names a topic, whose error calls it {@code TopicArn}. */
  private static List<SdkPojo> ofTopic(String arn) {
    return List.of(
        AddPermissionRequest.builder()
            .topicArn(arn)
            .label("l")
            .awsAccountIds("111111111111")
            .actionNames("Publish")
            .build(),
        ConfirmSubscriptionRequest.builder().topicArn(arn).token("t").build(),
        GetTopicAttributesRequest.builder().topicArn(arn).build(),
        ListSubscriptionsByTopicRequest.builder().topicArn(arn).build(),
        PublishRequest.builder().topicArn(arn).message("m").build(),
        PublishBatchRequest.builder()
            .topicArn(arn)
            .publishBatchRequestEntries(entry("1", "m"))
            .build(),
        RemovePermissionRequest.builder().topicArn(arn).label("l").build(),
        SetTopicAttributesRequest.builder()
            .topicArn(arn)
            .attributeName("DisplayName")
            .attributeValue("d")
            .build(),
        SubscribeRequest.builder()
            .topicArn(arn)
            .protocol("sqs")
            .endpoint("arn:aws:sqs:us-east-1:000000000000:dispatch")
            .build());
  }

  /** A request of each action that calls a topic {@code ResourceArn}. */
  private static List<SdkPojo> ofProtected(String arn) {
    return List.of(
        GetDataProtectionPolicyRequest.builder().resourceArn(arn).build(),
        PutDataProtectionPolicyRequest.builder()
            .resourceArn(arn)
            .dataProtectionPolicy("{}")
            .build());
  }

  private static List<SdkPojo> ofTagged(String arn) {
    return List.of(
        ListTagsForResourceRequest.builder().resourceArn(arn).build(),
        TagResourceRequest.builder().resourceArn(arn).tags(tag("k", "v")).build(),
        UntagResourceRequest.builder().resourceArn(arn).tagKeys("k").build());
  }

  private static List<SdkPojo> ofSubscription(String arn) {
    return List.of(
        GetSubscriptionAttributesRequest.builder().subscriptionArn(arn).build(),
        SetSubscriptionAttributesRequest.builder()
            .subscriptionArn(arn)
            .attributeName("RawMessageDelivery")
            .attributeValue("true")
            .build());
  }

  private void topics() {
    for (String arn : List.of(NOWHERE, FOREIGN)) {
      ofTopic(arn).forEach(request -> add(NOT_FOUND, NO_TOPIC_SENTENCE, request));
      ofProtected(arn).forEach(request -> add(NOT_FOUND, NO_TOPIC_SENTENCE, request));
      ofTagged(arn).forEach(request -> add(NO_RESOURCE, NO_RESOURCE_SENTENCE, request));
    }
    add(NOT_FOUND, NO_TOPIC_SENTENCE, publishTo(r -> r.targetArn(NOWHERE)));
    add(NOT_FOUND, NO_TOPIC_SENTENCE, DeleteTopicRequest.builder().topicArn(FOREIGN).build());
    Map.of(
            "orders",
            " Reason: An ARN must have at least 6 elements, not 1",
            "arn:aws:sns:orders",
            " Reason: An ARN must have at least 6 elements, not 4",
            "",
            " Reason: no value for required parameter",
            "arn:aws:sqs:us-east-1:000000000000:orders",
            "",
            TOPIC + ":more:parts",
            "",
            SNS,
            "")
        .forEach(
            (arn, reason) -> {
              ofTopic(arn).forEach(request -> invalid("TopicArn" + reason, request));
              invalid("TopicArn" + reason, DeleteTopicRequest.builder().topicArn(arn).build());
              ofProtected(arn).forEach(request -> invalid("ResourceArn" + reason, request));
              ofTagged(arn).forEach(request -> invalid("ResourceArn" + reason, request));
            });
  }

  private void subscriptions() {
    for (String arn :
        List.of(
            NO_SUBSCRIPTION,
            TOPIC + ":no-uuid",
            subscribed.queue().replace("orders", "other"),
            subscribed.queue().replace("000000000000", "999999999999"))) {
      ofSubscription(arn).forEach(request -> add(NOT_FOUND, NO_SUBSCRIPTION_SENTENCE, request));
    }
    Map.of(
            "PendingConfirmation",
            "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
            "arn:aws:sqs:us-east-1:000000000000:orders:x",
            "SubscriptionArn",
            TOPIC,
            "SubscriptionId")
        .forEach(
            (arn, what) -> {
              ofSubscription(arn).forEach(request -> invalid(what, request));
              invalid(what, UnsubscribeRequest.builder().subscriptionArn(arn).build());
            });
  }

  private void missing() {
    missing("topicArn", AddPermissionRequest.builder().build());
    missing("topicArn", ConfirmSubscriptionRequest.builder().token("t").build());
    missing("token", ConfirmSubscriptionRequest.builder().topicArn(TOPIC).build());
    missing("name", CreateTopicRequest.builder().build());
    missing("topicArn", DeleteTopicRequest.builder().build());
    missing("resourceArn", GetDataProtectionPolicyRequest.builder().build());
    missing("subscriptionArn", GetSubscriptionAttributesRequest.builder().build());
    missing("topicArn", GetTopicAttributesRequest.builder().build());
    missing("topicArn", ListSubscriptionsByTopicRequest.builder().build());
    missing("resourceArn", ListTagsForResourceRequest.builder().build());
    missing("message", PublishRequest.builder().topicArn(TOPIC).build());
    missing("topicArn", PublishBatchRequest.builder().build());
    missing("publishBatchRequestEntries.1.member.message", batch(entry("1", null)));
    missing("publishBatchRequestEntries.2.member.id", batch(entry("1", "m"), entry(null, "m")));
    missing("resourceArn", PutDataProtectionPolicyRequest.builder().build());
    missing("label", RemovePermissionRequest.builder().topicArn(TOPIC).build());
    missing(
        "attributeName",
        SetSubscriptionAttributesRequest.builder().subscriptionArn(subscribed.queue()).build());
    missing("attributeName", SetTopicAttributesRequest.builder().topicArn(TOPIC).build());
    missing("protocol", SubscribeRequest.builder().topicArn(TOPIC).build());
    missing("tags", TagResourceRequest.builder().resourceArn(TOPIC).build());
    missing(
        "tags.1.member.value",
        TagResourceRequest.builder().resourceArn(TOPIC).tags(tag("k", null)).build());
    missing("subscriptionArn", UnsubscribeRequest.builder().build());
    missing("tagKeys", UntagResourceRequest.builder().resourceArn(TOPIC).build());
  }

  private void missing(String path, SdkPojo request) {
    add(
        VALIDATION,
        "1 validation error detected: Value null at '"
            + path
            + "' failed to satisfy constraint: Member must not be null",
        request);
  }

  private void creation() {
    for (String name : List.of("", "a b", "a.b", "ä", "a/b", "x".repeat(257))) {
      invalid("Topic Name", CreateTopicRequest.builder().name(name).build());
    }
    invalid("Attributes Reason: Unknown attribute Nonsense", create(Map.of("Nonsense", "1")));
    invalid("Attributes Reason: Unknown attribute TopicArn", create(Map.of("TopicArn", TOPIC)));
    invalid(
        "Attributes Reason: Topic already exists with different attributes",
        create("orders", Map.of("DisplayName", "other")));
    invalid(
        "Tags Reason: Topic already exists with different tags",
        CreateTopicRequest.builder().name("orders").tags(tag("k", "other")).build());
  }

  private static CreateTopicRequest create(Map<String, String> attributes) {
    return create("new", attributes);
  }

  private static CreateTopicRequest create(String name, Map<String, String> attributes) {
    return CreateTopicRequest.builder().name(name).attributes(attributes).build();
  }

  private void topicAttributes() {
    Map<String, List<String>> illegal =
        Map.of(
            "DisplayName", List.of("x".repeat(101)),
            "Policy", List.of("x", "[]", "\"" + "x".repeat(30_721) + "\""),
            "SignatureVersion", List.of("0", "3", "one"),
            "TracingConfig", List.of("Passive"),
            "KmsMasterKeyId", List.of("x".repeat(30_721)),
            "DeliveryPolicy", List.of("x", "[]", "{\"https\":{}}"),
            "SQSSuccessFeedbackSampleRate", List.of("101", "-1", "half"));
    illegal.forEach(
        (name, values) ->
            values.forEach(
                value -> {
                  invalid(name, set(name, value));
                  invalid("Attributes Reason: " + name, create(Map.of(name, value)));
                }));
    for (String name : List.of("Nonsense", "TopicArn", "Owner", "SubscriptionsConfirmed", "")) {
      invalid("AttributeName", set(name, "1"));
    }
    String outOfScope =
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\"}]}";
    invalid("Policy statement action out of service scope!", set("Policy", outOfScope));
  }

  private static SetTopicAttributesRequest set(String name, String value) {
    return SetTopicAttributesRequest.builder()
        .topicArn(TOPIC)
        .attributeName(name)
        .attributeValue(value)
        .build();
  }

  private void tags() {
    List<Tag> tooMany = IntStream.range(0, 51).mapToObj(i -> tag("k" + i, "v")).toList();
    List<Tag> twice = List.of(tag("k", "1"), tag("k", "2"));
    tag(TAGS, "Could not complete request: tag quota of per resource exceeded", tooMany);
    tag(INVALID, PREFIX + "Duplicated keys are not allowed.", twice);
    tag(INVALID, PREFIX + "Tags", List.of(tag("", "v")));
    tag(
        VALIDATION,
        "at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or"
            + " equal to 128",
        List.of(tag("k".repeat(129), "v")));
    tag(
        VALIDATION,
        "at 'tags.2.member.value' failed to satisfy constraint: Member must have length less than"
            + " or equal to 256",
        List.of(tag("a", "v"), tag("b", "v".repeat(257))));
  }

  private void tag(Named error, String sentence, List<Tag> tags) {
    add(error, sentence, TagResourceRequest.builder().resourceArn(TOPIC).tags(tags).build());
    add(error, sentence, CreateTopicRequest.builder().name("new").tags(tags).build());
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private void permissions() {
    invalid("Statement already exists", permit("there", "111111111111", "Publish"));
    invalid("AWSAccountId", permit("l", "1", "Publish"));
    invalid("AWSAccountId", permit("l", "somebody", "Publish"));
    invalid(
        "Policy statement action out of service scope!",
        permit("l", "111111111111", "SendMessage"));
    invalid("Label Reason: no value for required parameter", permit("", "111111111111", "Publish"));
    invalid(
        "Label Reason: no value for required parameter",
        RemovePermissionRequest.builder().topicArn(TOPIC).label("").build());
  }

  private static AddPermissionRequest permit(String label, String account, String action) {
    return AddPermissionRequest.builder()
        .topicArn(TOPIC)
        .label(label)
        .awsAccountIds(account)
        .actionNames(action)
        .build();
  }

  private void dataProtection() {
    Map.of(
            "x",
            "failed to parse JSON.",
            "[]",
            "failed to parse JSON.",
            "{\"Statement\":[{}]}",
            "Statement DataDirection must be either Inbound or Outbound",
            "\"" + "x".repeat(30_720) + "\"",
            "must be at most 30720 characters long")
        .forEach(
            (policy, reason) -> {
              invalid(
                  "DataProtectionPolicy Reason: " + reason,
                  PutDataProtectionPolicyRequest.builder()
                      .resourceArn(TOPIC)
                      .dataProtectionPolicy(policy)
                      .build());
              invalid(
                  "DataProtectionPolicy Reason: " + reason,
                  CreateTopicRequest.builder().name("new").dataProtectionPolicy(policy).build());
            });
  }

  private void pages() {
    String what = "NextToken Reason: Not a token that was given out.";
    for (String token : List.of("?", "a b", "ä")) {
      invalid(what, ListTopicsRequest.builder().nextToken(token).build());
      invalid(what, ListSubscriptionsRequest.builder().nextToken(token).build());
      invalid(
          what, ListSubscriptionsByTopicRequest.builder().topicArn(TOPIC).nextToken(token).build());
    }
  }

  private void subscribing() {
    invalid(
        "Amazon SNS does not support this protocol string: pigeon", subscribe("pigeon", "roof"));
    for (String protocol : List.of("email", "email-json", "sms", "application", "lambda")) {
      invalid(
          "Protocol Reason: Sluice delivers to sqs, http and https, not to " + protocol,
          subscribe(protocol, "x"));
    }
    for (String protocol : List.of("sqs", "http", "https")) {
      invalid("Endpoint Reason: no value for required parameter", subscribe(protocol, ""));
    }
    for (String endpoint :
        List.of(
            "dispatch",
            TOPIC,
            "http://localhost:4566/000000000000/dispatch",
            "arn:aws:sqs:us-east-1:000000000000:dispatch:more")) {
      invalid("SQS endpoint ARN", subscribe("sqs", endpoint));
    }
    for (String queue :
        List.of(
            "arn:aws:sqs:us-east-1:000000000000:nothing",
            "arn:aws:sqs:us-east-1:999999999999:dispatch")) {
      invalid("Endpoint Reason: The queue " + queue + " does not exist", subscribe("sqs", queue));
    }
    invalid(
        "Endpoint must match the specified protocol",
        subscribe("https", "http://127.0.0.1:9/orders"));
    invalid(
        "Endpoint Reason: not a URL that can be posted to", subscribe("http", "http://a b/orders"));
    invalid(
        "Attributes Reason: Subscription already exists with different attributes",
        dispatch(Map.of("RawMessageDelivery", "true")));
  }

  private static SubscribeRequest subscribe(String protocol, String endpoint) {
    return SubscribeRequest.builder().topicArn(TOPIC).protocol(protocol).endpoint(endpoint).build();
  }

  private static SubscribeRequest dispatch(Map<String, String> attributes) {
    return SubscribeRequest.builder()
        .topicArn(TOPIC)
        .protocol("sqs")
        .endpoint("arn:aws:sqs:us-east-1:000000000000:dispatch")
        .attributes(attributes)
        .build();
  }

  private void subscriptionAttributes() {
    Map<String, List<String>> illegal =
        Map.of(
            "RawMessageDelivery: Invalid value [", List.of("yes"),
            "ReplayPolicy: ", List.of("x", "{\"PointType\":\"Offset\"}"),
            "FilterPolicy: ",
                List.of("x", "[]", "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}"),
            "FilterPolicyScope: Invalid value [", List.of("Everything"),
            "RedrivePolicy: ", List.of("x", "{}x", "{\"deadLetterTargetArn\":\"" + TOPIC + "\"}"),
            "DeliveryPolicy: ", List.of("x", "{\"http\":{}}"));
    illegal.forEach(
        (what, values) ->
            values.forEach(
                value -> {
                  String name = what.substring(0, what.indexOf(':'));
                  invalid(what, setSubscription(name, value));
                  invalid("Attributes Reason: " + what, dispatch(Map.of(name, value)));
                }));
    for (String name : List.of("Nonsense", "SubscriptionArn", "PendingConfirmation", "")) {
      invalid("AttributeName", setSubscription(name, "true"));
      invalid("Attributes Reason: AttributeName", dispatch(Map.of(name, "true")));
    }
    invalid(
        "Filter policy scope MessageAttributes does not support nested filter policy",
        setSubscription("FilterPolicy", "{\"a\":{\"b\":[1]}}"));
    add(
        FILTERS,
        "a subscription keeps at most 32 filter policies",
        SetSubscriptionAttributesRequest.builder()
            .subscriptionArn(subscribed.filtered())
            .attributeName("FilterPolicy")
            .attributeValue("{\"k\":[\"other\"]}")
            .build());
  }

  private SetSubscriptionAttributesRequest setSubscription(String name, String value) {
    return SetSubscriptionAttributesRequest.builder()
        .subscriptionArn(subscribed.queue())
        .attributeName(name)
        .attributeValue(value)
        .build();
  }

  private void endOfSubscriptions() {
    add(
        FORBIDDEN,
        "The subscription can be ended by a signed request only",
        UnsubscribeRequest.builder().subscriptionArn(subscribed.authenticated()).build());
    for (String token : List.of("", "t", "0".repeat(96), "g".repeat(96))) {
      invalid("Token", ConfirmSubscriptionRequest.builder().topicArn(TOPIC).token(token).build());
    }
  }

  private void publishing() {
    message("Empty message", r -> r.message(""));
    message("Message Reason: Invalid characters found.", r -> r.message("\u0001"));
    message("Message too long", r -> r.message("x".repeat(MESSAGE_BYTES + 1)));
    message("Message too long", r -> r.message("ä".repeat(MESSAGE_BYTES / 2 + 1)));
    message(
        "Message too long",
        r ->
            r.message("x".repeat(MESSAGE_BYTES - 10))
                .messageAttributes(Map.of("n", string("String", "more"))));
    for (String subject : List.of("", "x".repeat(101), "two\nlines", "\u0007")) {
      message("Subject", r -> r.message("m").subject(subject));
    }
    message("MessageStructure", r -> r.message("m").messageStructure("xml"));
    message(
        "Message Structure - JSON message body failed to parse",
        r -> r.message("m").messageStructure("json"));
    message(
        "Message Structure - No default entry in JSON message body",
        r -> r.message("{\"sqs\":\"m\"}").messageStructure("json"));
    for (String group : List.of("", "a b", "ä", "x".repeat(129))) {
      message("MessageGroupId Reason: ", r -> r.message("m").messageGroupId(group));
    }
    invalid("TopicArn or TargetArn Reason: no value for required parameter", publishTo(r -> {}));
    invalid(
        "TargetArn Reason: No endpoint found for the target arn specified",
        publishTo(r -> r.targetArn(SNS + "endpoint/GCM/app/1")));
    invalid("PhoneNumber Reason: ", publishTo(r -> r.phoneNumber("+491234567")));
  }

  private void message(String what, Consumer<PublishRequest.Builder> change) {
    PublishRequest.Builder request = PublishRequest.builder().topicArn(TOPIC);
    change.accept(request);
    invalid(what, request.build());
  }

  private static PublishRequest publishTo(Consumer<PublishRequest.Builder> change) {
    PublishRequest.Builder request = PublishRequest.builder().message("m");
    change.accept(request);
    return request.build();
  }

  private void messageAttributes() {
    for (String name : List.of("AWS.x", "amazon.x", ".x", "x.", "x..y", "x y", "x".repeat(257))) {
      attribute("", name, string("String", "v"));
    }
    attribute("has an invalid message attribute type", "n", string("Text", "v"));
    attribute("has an invalid message attribute type", "n", string("", "v"));
    attribute("must contain non-empty message attribute value", "n", string("String", ""));
    attribute("must contain non-empty message attribute value", "n", string("Number", null));
    attribute("must use field 'Binary'", "n", string("Binary", "v"));
    attribute("Could not cast message attribute 'n' value to number.", "n", string("Number", "v"));
    MessageAttributeValue bytes =
        MessageAttributeValue.builder()
            .dataType("String")
            .binaryValue(SdkBytes.fromUtf8String("v"))
            .build();
    attribute("must use field 'String'", "n", bytes);
    missing(
        "messageAttributes.n.member.dataType",
        publishTo(r -> r.topicArn(TOPIC).messageAttributes(Map.of("n", string(null, "v")))));
    missing(
        "publishBatchRequestEntries.1.member.messageAttributes.n.member.dataType",
        batch(
            entry("1", "m").toBuilder().messageAttributes(Map.of("n", string(null, "v"))).build()));
  }

  private void attribute(String sentence, String name, MessageAttributeValue value) {
    add(
        ATTRIBUTE,
        sentence,
        publishTo(r -> r.topicArn(TOPIC).messageAttributes(Map.of(name, value))));
    add(
        ATTRIBUTE,
        sentence,
        batch(entry("1", "m").toBuilder().messageAttributes(Map.of(name, value)).build()));
  }

  private static MessageAttributeValue string(String type, String value) {
    return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
  }

  private void batches() {
    add(EMPTY, "The batch request doesn't contain any entries.", batch());
    add(
        TOO_MANY,
        "The batch request contains more entries than permissible.",
        batch(
            IntStream.range(0, 11)
                .mapToObj(i -> entry("id" + i, "m"))
                .toArray(PublishBatchRequestEntry[]::new)));
    add(
        SAME_ID,
        "Two or more batch entries in the request have the same Id.",
        batch(entry("1", "a"), entry("2", "b"), entry("1", "c")));
    for (String id : List.of("a b", "a.b", "ä", "")) {
      add(
          BATCH_ID,
          "The Id of a batch entry in the batch request contains an impermissible character: " + id,
          batch(entry(id, "m")));
    }
    add(
        BATCH_ID,
        "The Id of a batch entry in the batch request is too long: ",
        batch(entry("x".repeat(81), "m")));
    String half = "x".repeat(MESSAGE_BYTES / 2 + 1);
    add(
        TOO_LONG,
        "The length of all the messages put together is more than the limit.",
        batch(entry("1", half), entry("2", half)));
    List<PublishBatchRequestEntry> full =
        new ArrayList<>(Collections.nCopies(1, entry("1", "x".repeat(MESSAGE_BYTES))));
    full.add(entry("2", "x"));
    add(
        TOO_LONG,
        "The length of all the messages put together is more than the limit.",
        batch(full.toArray(PublishBatchRequestEntry[]::new)));
    invalid("Empty message", batch(entry("1", "")));
    invalid("Subject", batch(entry("1", "m").toBuilder().subject("x".repeat(101)).build()));
  }

  private void fifoTopics() {
    add(
        STATE,
        "Invalid state: Cannot delete a topic with an ArchivePolicy",
        DeleteTopicRequest.builder().topicArn(FIFO_TOPIC).build());
    for (String name : List.of("new", "new.fif", "a.b.fifo", ".fifo")) {
      invalid("Topic Name", fifo(name, Map.of("FifoTopic", "true")));
    }
    invalid("Topic Name", fifo("new.fifo", Map.of()));
    invalid("Attributes Reason: FifoTopic: ", fifo("new.fifo", Map.of("FifoTopic", "yes")));
    Map.of(
            "ArchivePolicy: Unable to parse JSON", "x",
            "ArchivePolicy: JSON is missing required fields", "[]",
            "ArchivePolicy: MessageRetentionPeriod value is invalid",
                "{\"MessageRetentionPeriod\":\"366\"}",
            "ArchivePolicy: must be at most 30720 characters long", "x".repeat(30_721),
            "ContentBasedDeduplication: Invalid value [yes]. Must be true or false.", "yes",
            "FifoThroughputScope: Invalid value [Queue]", "Queue",
            "AttributeName", "x")
        .forEach(
            (what, value) ->
                invalid(
                    what,
                    SetTopicAttributesRequest.builder()
                        .topicArn(FIFO_TOPIC)
                        .attributeName(
                            what.contains(":") ? what.substring(0, what.indexOf(':')) : "FifoTopic")
                        .attributeValue(value)
                        .build()));
    invalid(
        "Invalid protocol type: http",
        subscribe("http", "http://127.0.0.1:9/orders").toBuilder().topicArn(FIFO_TOPIC).build());
    invalid(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
            + " topics",
        subscribe("sqs", "arn:aws:sqs:us-east-1:000000000000:dispatch.fifo"));
  }

  private static CreateTopicRequest fifo(String name, Map<String, String> attributes) {
    return CreateTopicRequest.builder().name(name).attributes(attributes).build();
  }

  private void fifoMessages() {
    String noGroup = "The MessageGroupId parameter is required for FIFO topics";
    String noId =
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
            + " provided explicitly";
    invalid(noGroup, publishTo(r -> r.topicArn(FIFO_TOPIC)));
    invalid(noId, publishTo(r -> r.topicArn(FIFO_TOPIC).messageGroupId("g")));
    for (String id : List.of("", "a b", "ä", "x".repeat(129))) {
      invalid(
          "MessageDeduplicationId Reason: MessageDeduplicationId can only include",
          publishTo(r -> r.topicArn(FIFO_TOPIC).messageGroupId("g").messageDeduplicationId(id)));
    }
    invalid(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that"
            + " is not valid for this topic type",
        publishTo(r -> r.topicArn(TOPIC).messageDeduplicationId("d")));
    invalid(noGroup, batch(entry("1", "m")).toBuilder().topicArn(FIFO_TOPIC).build());
    invalid(
        noId,
        batch(entry("1", "m").toBuilder().messageGroupId("g").build()).toBuilder()
            .topicArn(FIFO_TOPIC)
            .build());
  }

  private static PublishBatchRequest batch(PublishBatchRequestEntry... entries) {
    return PublishBatchRequest.builder()
        .topicArn(TOPIC)
        .publishBatchRequestEntries(entries)
        .build();
  }

  private static PublishBatchRequestEntry entry(String id, String message) {
    return PublishBatchRequestEntry.builder().id(id).message(message).build();
  }
}
