package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.FILTER_POLICY;
import static io.sluice.aws.message.Subscriptions.FILTER_POLICY_SCOPE;
import static io.sluice.aws.message.Subscriptions.REPLAY_END;

import io.sluice.broker.RecordFilter;
import io.sluice.broker.RecordFilters;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the broker's filters of SNS's filter policies, and of replays that end: what a {@link
 * io.sluice.broker.Broker} whose topics SNS serves is opened with. A policy is compiled when the
 * first message is judged, so that a start costs nothing for subscriptions that nobody uses, and a
 * program without filters never loads what compiles them.
 */
public final class FilterPolicies implements RecordFilters {

  private static final Set<String> ATTRIBUTES =
      Set.of(FILTER_POLICY, FILTER_POLICY_SCOPE, REPLAY_END);

  @Override
  public Set<String> attributeNames() {
    return ATTRIBUTES;
  }

  @Override
  public Optional<RecordFilter> filter(Map<String, String> attributes) {
    Optional<RecordFilter> policy =
        Optional.ofNullable(attributes.get(FILTER_POLICY))
            .map(text -> new PolicyFilter(text, FilterPolicyScope.of(attributes)));
    String replayEnd = attributes.get(REPLAY_END);
    return replayEnd == null ? policy : Optional.of(until(Long.parseLong(replayEnd), policy));
  }

  /** A replay that ends lets nothing through that was published from then on. */
  private static RecordFilter until(long endMillis, Optional<RecordFilter> policy) {
    return record ->
        record.timestamp() < endMillis && (policy.isEmpty() || policy.get().matches(record));
  }
}
