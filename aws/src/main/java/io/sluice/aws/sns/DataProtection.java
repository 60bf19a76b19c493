package io.sluice.aws.sns;

import io.sluice.aws.message.Json;
import io.sluice.broker.Topic;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.GetDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.GetDataProtectionPolicyResponse;
import software.amazon.awssdk.services.sns.model.PutDataProtectionPolicyRequest;
import software.amazon.awssdk.services.sns.model.PutDataProtectionPolicyResponse;

/**
 * PutDataProtectionPolicy and GetDataProtectionPolicy. A policy is kept and returned; no message is
 * looked into because of it (Amazon's "What is message data protection").
 */
final class DataProtection {

  private static final String STORED = "DataProtectionPolicy";

  private final TopicDirectory topics;
  private final TopicStore store;

  DataProtection(TopicDirectory topics, TopicStore store) {
    this.topics = topics;
    this.store = store;
  }

  /** An empty policy removes the one there is. */
  PutDataProtectionPolicyResponse put(PutDataProtectionPolicyRequest request) {
    Topic topic = topics.require("ResourceArn", request.resourceArn());
    if (request.dataProtectionPolicy() == null) {
      throw SnsErrors.missingParameter("DataProtectionPolicy");
    }
    store.change(
        topic,
        stored -> {
          SortedMap<String, String> changed = new TreeMap<>(stored);
          put(changed, request.dataProtectionPolicy());
          return changed;
        });
    return PutDataProtectionPolicyResponse.builder().build();
  }

  GetDataProtectionPolicyResponse get(GetDataProtectionPolicyRequest request) {
    Topic topic = topics.require("ResourceArn", request.resourceArn());
    return GetDataProtectionPolicyResponse.builder()
        .dataProtectionPolicy(topic.attributes().get(STORED))
        .build();
  }

  /** Whether a stored name is that of a policy, not of an attribute. */
  static boolean isPolicy(String storedName) {
    return storedName.equals(STORED);
  }

  /** Puts a policy into what is stored with a topic. */
  static void put(Map<String, String> stored, @Nullable String policy) {
    if (policy == null || policy.isEmpty()) {
      stored.remove(STORED);
      return;
    }
    if (policy.length() > SnsLimits.POLICY_LENGTH) {
      throw invalid("must be at most " + SnsLimits.POLICY_LENGTH + " characters long");
    }
    try {
      check(Json.object(policy));
    } catch (Json.NotJsonException e) {
      throw invalid("failed to parse JSON. " + e.messageWithPlace());
    }
    stored.put(STORED, policy);
  }

  private static void check(Map<String, @Nullable Object> policy) {
    if (policy.get("Statement") instanceof List<?> statements) {
      for (Object statement : statements) {
        Object direction = statement instanceof Map<?, ?> fields ? fields.get("DataDirection") : "";
        if (!"Inbound".equals(direction) && !"Outbound".equals(direction)) {
          throw invalid("Statement DataDirection must be either Inbound or Outbound");
        }
      }
    }
  }

  private static RuntimeException invalid(String why) {
    return SnsErrors.invalidParameter(STORED, why);
  }
}
