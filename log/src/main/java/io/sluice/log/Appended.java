package io.sluice.log;

import java.util.concurrent.CompletableFuture;

/**
 * What an append did.
 *
 * @param baseOffset the offset of the first record
 * @param lastOffset the offset of the last record
 * @param logAppendTimeMs the timestamp that the log put on the records, or -1 when it kept the
 *     producer's
 * @param logStartOffset the partition's start offset at the time of the append
 * @param durable completes when the records may be acknowledged, on a thread of the log:
 *     continuations must be short and must not block; completes with {@link
 *     org.apache.kafka.common.errors.KafkaStorageException} when they could not be made durable
 */
public record Appended(
    long baseOffset,
    long lastOffset,
    long logAppendTimeMs,
    long logStartOffset,
    CompletableFuture<Void> durable) {}
