package io.sluice.broker.subscription;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * A whole subscription as bytes, for snapshots: its cursors, and under each what is outstanding.
 */
final class StateCodec {

  private StateCodec() {}

  static void write(SubscriptionState state, DataOutput out) throws IOException {
    ByteUtils.writeUnsignedVarint(state.sources().size(), out);
    for (Uuid sourceId : state.sources()) {
      List<PartitionCursor> cursors = state.cursors(sourceId);
      EventCodec.write(sourceId, out);
      EventCodec.write(cursors.isEmpty() ? Uuid.ZERO_UUID : cursors.getFirst().topicId(), out);
      out.writeBoolean(state.ended(sourceId));
      EventCodec.write(cursors.stream().map(PartitionCursor::next).toList(), out);
      EventCodec.write(cursors.stream().map(PartitionCursor::end).toList(), out);
      for (PartitionCursor cursor : cursors) {
        EventCodec.write(List.copyOf(cursor.takenAhead()), out);
        ByteUtils.writeUnsignedVarint(cursor.outstanding().size(), out);
        for (Outstanding outstanding : cursor.outstanding()) {
          out.writeLong(outstanding.offset());
          out.writeLong(outstanding.deadline());
          ByteUtils.writeUnsignedVarint(outstanding.receiveCount(), out);
          out.writeLong(outstanding.firstReceived());
          out.writeLong(outstanding.attempt());
          out.writeLong(outstanding.group());
        }
      }
    }
  }

  /** Version 1 knew no message groups, version 2 nothing that was taken ahead of its cursor. */
  static SubscriptionState read(ByteBuffer in, int version) {
    SubscriptionState state = new SubscriptionState();
    int sources = ByteUtils.readUnsignedVarint(in);
    for (int i = 0; i < sources; i++) {
      Uuid sourceId = EventCodec.readUuid(in);
      Uuid topicId = EventCodec.readUuid(in);
      boolean ended = in.get() != 0;
      List<Long> next = EventCodec.readOffsets(in);
      List<Long> end = EventCodec.readOffsets(in);
      state.apply(new CursorEvent.SourceAdded(sourceId, topicId, next));
      if (ended) {
        state.apply(new CursorEvent.SourceEnded(sourceId, end));
      }
      for (PartitionCursor cursor : new ArrayList<>(state.cursors(sourceId))) {
        if (version > 2) {
          cursor.takenAhead().addAll(EventCodec.readOffsets(in));
        }
        readOutstanding(state, cursor, in, version);
      }
    }
    return state;
  }

  private static void readOutstanding(
      SubscriptionState state, PartitionCursor cursor, ByteBuffer in, int version) {
    int count = ByteUtils.readUnsignedVarint(in);
    for (int i = 0; i < count; i++) {
      long offset = in.getLong();
      long deadline = in.getLong();
      int receiveCount = ByteUtils.readUnsignedVarint(in);
      long firstReceived = in.getLong();
      long attempt = in.getLong();
      long group = version == 1 ? 0 : in.getLong();
      state.restore(
          new Outstanding(cursor, offset, deadline, receiveCount, firstReceived, attempt, group));
    }
  }
}
