package io.sluice.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as a handler gets it.
 *
 * @param key what orders it among others
 * @param content its bytes
 * @param time when it was published
 * @param receiveCount how often it was received, this time included
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReceivedMessage(
    @Nullable String key, byte[] content, Instant time, int receiveCount) {}
