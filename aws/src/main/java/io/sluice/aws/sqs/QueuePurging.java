package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.common.Uuid;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.PurgeQueueResponse;

/**
 * PurgeQueue, once a minute per queue where that rule is imposed. The times of the last minute's
 * purges live in a concurrent map; the broker's own limit on queues bounds it.
 */
final class QueuePurging {

  private final QueueDirectory queues;
  private final boolean imposed;
  private final InstantSource clock;
  private final ConcurrentMap<Uuid, Instant> recent = new ConcurrentHashMap<>();

  QueuePurging(QueueDirectory queues, boolean imposed, InstantSource clock) {
    this.queues = queues;
    this.imposed = imposed;
    this.clock = clock;
  }

  PurgeQueueResponse purge(PurgeQueueRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    Instant now = clock.instant();
    Instant tooRecent = now.minus(SqsLimits.PURGE_INTERVAL);
    recent.values().removeIf(purgedAt -> !purgedAt.isAfter(tooRecent));
    if (imposed && recent.putIfAbsent(queue.id(), now) != null) {
      throw SqsErrors.purgeQueueInProgress(queue.name());
    }
    queue.purge();
    return PurgeQueueResponse.builder().build();
  }
}
