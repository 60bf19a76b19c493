package io.sluice.aws.sns;

import io.sluice.broker.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.TagResourceResponse;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceResponse;

/**
 * TagResource, UntagResource and ListTagsForResource. Tags lie beside a topic's attributes as
 * {@code tag:KEY} (Amazon's "Amazon SNS topic tagging").
 */
final class TopicTags {

  private static final String STORED = "tag:";

  private final TopicDirectory topics;
  private final TopicStore store;

  TopicTags(TopicDirectory topics, TopicStore store) {
    this.topics = topics;
    this.store = store;
  }

  TagResourceResponse tag(TagResourceRequest request) {
    Topic topic = require(request.resourceArn());
    store.change(
        topic,
        stored -> {
          SortedMap<String, String> tagged = new TreeMap<>(stored);
          add(tagged, request.tags());
          return tagged;
        });
    return TagResourceResponse.builder().build();
  }

  /** That there is no tag of a key is no error. */
  UntagResourceResponse untag(UntagResourceRequest request) {
    Topic topic = require(request.resourceArn());
    store.change(
        topic,
        stored -> {
          SortedMap<String, String> untagged = new TreeMap<>(stored);
          request.tagKeys().forEach(key -> untagged.remove(STORED + key));
          return untagged;
        });
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
    List<Tag> tags =
        require(request.resourceArn()).attributes().entrySet().stream()
            .filter(stored -> isTag(stored.getKey()))
            .map(
                stored ->
                    Tag.builder()
                        .key(stored.getKey().substring(STORED.length()))
                        .value(stored.getValue())
                        .build())
            .toList();
    return ListTagsForResourceResponse.builder().tags(tags).build();
  }

  private Topic require(@Nullable String arn) {
    return topics
        .find(TopicDirectory.name("ResourceArn", arn, SnsErrors::resourceNotFound))
        .orElseThrow(SnsErrors::resourceNotFound);
  }

  /** Whether a stored name is that of a tag, not of an attribute. */
  static boolean isTag(String storedName) {
    return storedName.startsWith(STORED);
  }

  /** Adds tags to what is stored; those of the same key are replaced. */
  static void add(Map<String, String> stored, List<Tag> tags) {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < tags.size(); i++) {
      Tag tag = tags.get(i);
      if (tag.key() == null || tag.key().isEmpty() || tag.value() == null) {
        throw SnsErrors.invalidParameter("Tags");
      }
      String path = "tags." + (i + 1) + ".member.";
      checkLength(path + "key", tag.key(), SnsLimits.TAG_KEY_LENGTH);
      checkLength(path + "value", tag.value(), SnsLimits.TAG_VALUE_LENGTH);
      if (!keys.add(tag.key())) {
        throw SnsErrors.invalidParameter("Duplicated keys are not allowed.");
      }
      stored.put(STORED + tag.key(), tag.value());
    }
    if (stored.keySet().stream().filter(TopicTags::isTag).count() > SnsLimits.TAGS) {
      throw SnsErrors.tagLimitExceeded();
    }
  }

  private static void checkLength(String path, String text, int limit) {
    if (text.length() > limit) {
      throw SnsErrors.tooLong(path, text, limit);
    }
  }

  /** Whether each of these tags is among the stored ones. */
  static boolean has(Map<String, String> stored, Iterable<Tag> tags) {
    for (Tag tag : tags) {
      String value = stored.get(STORED + tag.key());
      if (value == null || !value.equals(tag.value())) {
        return false;
      }
    }
    return true;
  }
}
