package io.sluice.kafka.transaction;

import com.google.re2j.Pattern;
import io.sluice.kafka.BoundedPattern;
import io.sluice.kafka.KafkaApi;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;

/**
 * ListTransactions, 0–2 (KIP-664; from 1 on by duration, from 2 on by pattern, KIP-1152). Patterns
 * are RE2's, as those of consumer groups are, because others can take for ever.
 */
final class ListTransactionsApi implements KafkaApi {

  private final TransactionSource source;

  ListTransactionsApi(TransactionSource source) {
    this.source = source;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    ListTransactionsRequestData asked = ((ListTransactionsRequest) request).data();
    ListTransactionsResponseData response = new ListTransactionsResponseData();
    Set<TransactionState> states = EnumSet.noneOf(TransactionState.class);
    for (String name : new LinkedHashSet<>(asked.stateFilters())) {
      TransactionState.fromName(name)
          .ifPresentOrElse(states::add, () -> response.unknownStateFilters().add(name));
    }
    long now = source.get().states().clocks().steady().millis();
    Predicate<TransactionMetadata> wanted = wanted(asked, states, now);
    for (TransactionEntry entry : source.get().states().all()) {
      entry.inLock(state -> !wanted.test(state) || response.transactionStates().add(line(state)));
    }
    return new ListTransactionsResponse(response);
  }

  private static Predicate<TransactionMetadata> wanted(
      ListTransactionsRequestData asked, Set<TransactionState> states, long now) {
    Set<Long> producers = new HashSet<>(asked.producerIdFilters());
    Predicate<String> id = matching(asked.transactionalIdPattern());
    return state ->
        (producers.isEmpty() || producers.contains(state.producerId()))
            && (asked.stateFilters().isEmpty() || states.contains(state.state()))
            && (asked.durationFilter() < 0
                || now - state.txnStartTimestamp() > asked.durationFilter())
            && id.test(state.transactionalId());
  }

  private static Predicate<String> matching(String pattern) {
    if (pattern == null || pattern.isEmpty()) {
      return id -> true;
    }
    Pattern compiled = BoundedPattern.compile(pattern);
    return id -> compiled.matcher(id).matches();
  }

  private static ListTransactionsResponseData.TransactionState line(TransactionMetadata state) {
    return new ListTransactionsResponseData.TransactionState()
        .setTransactionalId(state.transactionalId())
        .setProducerId(state.producerId())
        .setTransactionState(state.state().stateName());
  }
}
