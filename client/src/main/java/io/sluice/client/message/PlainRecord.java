package io.sluice.client.message;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What of a record is the application's. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PlainRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {}
