package io.sluice.log;

import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.Records;

/**
 * What a read returned.
 *
 * @param records whole batches, in offset order; file-backed, so that they can be sent without a
 *     copy
 * @param highWatermark the partition's high watermark at the time of the read
 * @param lastStableOffset the partition's last stable offset at the time of the read
 * @param startOffset the partition's start offset at the time of the read
 * @param abortedTransactions for {@link ReadIsolation#COMMITTED}, the aborted transactions that
 *     overlap the records; otherwise empty
 */
public record Fetched(
    Records records,
    long highWatermark,
    long lastStableOffset,
    long startOffset,
    List<AbortedTransaction> abortedTransactions) {}
