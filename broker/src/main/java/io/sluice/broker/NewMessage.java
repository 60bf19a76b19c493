package io.sluice.broker;

import java.time.Duration;

/**
 * A message for a queue's inbox.
 *
 * @param record what to append
 * @param delay how long it stays hidden from receivers
 */
public record NewMessage(NewRecord record, Duration delay) {}
