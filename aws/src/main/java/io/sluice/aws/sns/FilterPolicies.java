package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.FILTER_POLICY;
import static io.sluice.aws.message.Subscriptions.FILTER_POLICY_SCOPE;

import io.sluice.broker.RecordFilter;
import io.sluice.broker.RecordFilters;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the broker's filters of SNS's filter policies: what a {@link io.sluice.broker.Broker} whose
 * topics SNS serves is opened with. A policy is compiled when the first message is judged, so that
 * a start costs nothing for subscriptions that nobody uses, and a program without filters never
 * loads what compiles them.
 */
public final class FilterPolicies implements RecordFilters {

  private static final Set<String> ATTRIBUTES = Set.of(FILTER_POLICY, FILTER_POLICY_SCOPE);

  @Override
  public Set<String> attributeNames() {
    return ATTRIBUTES;
  }

  @Override
  public Optional<RecordFilter> filter(Map<String, String> attributes) {
    return Optional.ofNullable(attributes.get(FILTER_POLICY))
        .map(policy -> new PolicyFilter(policy, FilterPolicyScope.of(attributes)));
  }
}
