package io.sluice.aws.sns;

import io.sluice.aws.signature.MessageSigner;
import io.sluice.broker.Broker;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.AddPermissionResponse;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicResponse;
import software.amazon.awssdk.services.sns.model.GetDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.GetDataProtectionPolicyResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.PutDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.PutDataProtectionPolicyResponse;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.RemovePermissionResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.TagResourceResponse;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeResponse;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceResponse;

/**
 * SNS on the broker's topics: an ordinary {@link SnsClient} for a program in the same process, and
 * what the listener serves to others. Safe for use by many threads; calls block. An action that is
 * not here answers with the interface's default.
 */
public final class SnsService implements SnsClient {

  private final TopicActions topics;
  private final TopicPermissions permissions;
  private final TopicTags tags;
  private final DataProtection dataProtection;
  private final SubscriptionActions subscriptions;
  private final SubscriptionListing listing;
  private final Publishing publishing;
  private final HttpSubscriptions endpoints;
  private final HttpDeliveries deliveries;

  /** SNS on a broker, which the caller closes after this. Delivers to endpoints from now on. */
  public SnsService(Broker broker) {
    this(
        broker,
        new MessageSigner(broker.directory(), broker.options().clocks().wall()),
        SnsOptions.DEFAULTS);
  }

  /** SNS on a broker, which the caller closes after this. Delivers to endpoints from now on. */
  public SnsService(Broker broker, MessageSigner signer, SnsOptions options) {
    InstantSource clock = broker.options().clocks().wall();
    Lock changes = new ReentrantLock();
    TopicDirectory directory = new TopicDirectory(broker.topics());
    deliveries = new HttpDeliveries(broker, new HttpMessages(broker.topics(), signer), options);
    endpoints =
        new HttpSubscriptions(
            broker.sources(),
            directory,
            deliveries,
            new ConfirmationTokens(broker.secret()),
            clock,
            changes);
    TopicStore store = new TopicStore(broker.topics(), directory);
    topics = new TopicActions(broker.topics(), broker.sources(), directory, store, clock);
    permissions = new TopicPermissions(directory, store);
    tags = new TopicTags(directory, store);
    dataProtection = new DataProtection(directory, store);
    subscriptions =
        new SubscriptionActions(
            broker.queues(), broker.sources(), directory, endpoints, clock, changes);
    listing = new SubscriptionListing(broker.sources(), directory, clock);
    publishing = new Publishing(broker.publisher(), directory);
    endpoints.resume();
  }

  /** What became of deliveries to endpoints. */
  public DeliveryCounters deliveries() {
    return deliveries.counters();
  }

  @Override
  public CreateTopicResponse createTopic(CreateTopicRequest request) {
    return answer(() -> topics.create(request));
  }

  @Override
  public DeleteTopicResponse deleteTopic(DeleteTopicRequest request) {
    return answer(() -> topics.delete(request));
  }

  @Override
  public ListTopicsResponse listTopics(ListTopicsRequest request) {
    return answer(() -> topics.list(request));
  }

  @Override
  public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest request) {
    return answer(() -> topics.attributes(request));
  }

  @Override
  public SetTopicAttributesResponse setTopicAttributes(SetTopicAttributesRequest request) {
    return answer(() -> topics.setAttribute(request));
  }

  @Override
  public SubscribeResponse subscribe(SubscribeRequest request) {
    return answer(() -> subscriptions.subscribe(request));
  }

  @Override
  public ConfirmSubscriptionResponse confirmSubscription(ConfirmSubscriptionRequest request) {
    return answer(() -> endpoints.confirm(request));
  }

  @Override
  public UnsubscribeResponse unsubscribe(UnsubscribeRequest request) {
    return answer(() -> subscriptions.unsubscribe(request));
  }

  @Override
  public GetSubscriptionAttributesResponse getSubscriptionAttributes(
      GetSubscriptionAttributesRequest request) {
    return answer(() -> subscriptions.attributes(request));
  }

  @Override
  public SetSubscriptionAttributesResponse setSubscriptionAttributes(
      SetSubscriptionAttributesRequest request) {
    return answer(() -> subscriptions.setAttribute(request));
  }

  @Override
  public ListSubscriptionsResponse listSubscriptions(ListSubscriptionsRequest request) {
    return answer(() -> listing.list(request));
  }

  @Override
  public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(
      ListSubscriptionsByTopicRequest request) {
    return answer(() -> listing.listByTopic(request));
  }

  @Override
  public PublishResponse publish(PublishRequest request) {
    return answer(() -> publishing.publish(request));
  }

  @Override
  public PublishBatchResponse publishBatch(PublishBatchRequest request) {
    return answer(() -> publishing.publishBatch(request));
  }

  @Override
  public AddPermissionResponse addPermission(AddPermissionRequest request) {
    return answer(() -> permissions.add(request));
  }

  @Override
  public RemovePermissionResponse removePermission(RemovePermissionRequest request) {
    return answer(() -> permissions.remove(request));
  }

  @Override
  public TagResourceResponse tagResource(TagResourceRequest request) {
    return answer(() -> tags.tag(request));
  }

  @Override
  public UntagResourceResponse untagResource(UntagResourceRequest request) {
    return answer(() -> tags.untag(request));
  }

  @Override
  public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
    return answer(() -> tags.list(request));
  }

  @Override
  public PutDataProtectionPolicyResponse putDataProtectionPolicy(
      PutDataProtectionPolicyRequest request) {
    return answer(() -> dataProtection.put(request));
  }

  @Override
  public GetDataProtectionPolicyResponse getDataProtectionPolicy(
      GetDataProtectionPolicyRequest request) {
    return answer(() -> dataProtection.get(request));
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** Ends deliveries; the broker belongs to whoever opened it. */
  @Override
  public void close() {
    deliveries.close();
  }

  private static <T> T answer(Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      throw SnsErrors.translate(e);
    }
  }
}
