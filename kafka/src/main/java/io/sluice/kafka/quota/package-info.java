/**
 * Client quotas (KIP-13, KIP-546): who may write and read how many bytes per second, kept in the
 * metadata journal, and enforced by pausing the connections of those who take more (KIP-219).
 */
@NullMarked
package io.sluice.kafka.quota;

import org.jspecify.annotations.NullMarked;
