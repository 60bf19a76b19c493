package io.sluice.broker.subscription;

import io.sluice.broker.subscription.CursorEvent.Acknowledged;
import io.sluice.broker.subscription.CursorEvent.Acquired;
import io.sluice.broker.subscription.CursorEvent.Created;
import io.sluice.broker.subscription.CursorEvent.CursorMoved;
import io.sluice.broker.subscription.CursorEvent.Delayed;
import io.sluice.broker.subscription.CursorEvent.Deleted;
import io.sluice.broker.subscription.CursorEvent.Held;
import io.sluice.broker.subscription.CursorEvent.Leased;
import io.sluice.broker.subscription.CursorEvent.PartitionsAdded;
import io.sluice.broker.subscription.CursorEvent.Relocked;
import io.sluice.broker.subscription.CursorEvent.Shortened;
import io.sluice.broker.subscription.CursorEvent.Skipped;
import io.sluice.broker.subscription.CursorEvent.SourceAdded;
import io.sluice.broker.subscription.CursorEvent.SourceDrained;
import io.sluice.broker.subscription.CursorEvent.SourceEnded;
import io.sluice.broker.subscription.CursorEvent.SourceRestarted;
import io.sluice.broker.subscription.CursorEvent.TakenAhead;
import io.sluice.broker.subscription.CursorEvent.VisibilityChanged;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.ByteUtils;

/** Events as bytes: a version, a type, then fixed and variable-length numbers. */
final class EventCodec {

  private static final byte VERSION = 1;

  private EventCodec() {}

  static byte[] encode(CursorEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      write(event, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(CursorEvent event, DataOutput out) throws IOException {
    switch (event) {
      case Created() -> out.writeByte(1);
      case Deleted() -> out.writeByte(2);
      case SourceAdded(Uuid sourceId, Uuid topicId, List<Long> starts) -> {
        out.writeByte(3);
        write(sourceId, out);
        write(topicId, out);
        write(starts, out);
      }
      case PartitionsAdded(Uuid sourceId, List<Long> starts) ->
          writeOffsets(4, sourceId, starts, out);
      case SourceEnded(Uuid sourceId, List<Long> ends) -> writeOffsets(5, sourceId, ends, out);
      case SourceRestarted(Uuid sourceId, List<Long> starts) ->
          writeOffsets(6, sourceId, starts, out);
      case Skipped(Uuid sourceId, List<Long> ends) -> writeOffsets(7, sourceId, ends, out);
      case SourceDrained(Uuid sourceId) -> writeOffsets(8, sourceId, List.of(), out);
      case Acquired acquired -> {
        out.writeByte(9);
        write(acquired.sourceId(), out);
        ByteUtils.writeUnsignedVarint(acquired.partition(), out);
        out.writeLong(acquired.next());
        out.writeLong(acquired.now());
        out.writeLong(acquired.deadline());
        out.writeLong(acquired.attempt());
        write(acquired.offsets(), out);
      }
      case Delayed delayed -> {
        out.writeByte(10);
        write(delayed.sourceId(), out);
        ByteUtils.writeUnsignedVarint(delayed.partition(), out);
        out.writeLong(delayed.next());
        write(delayed.offsets(), out);
        write(delayed.until(), out);
      }
      case Acknowledged(Uuid sourceId, int partition, List<Long> offsets) -> {
        out.writeByte(11);
        write(sourceId, out);
        ByteUtils.writeUnsignedVarint(partition, out);
        write(offsets, out);
      }
      case VisibilityChanged(Uuid sourceId, int partition, long offset, long deadline) -> {
        out.writeByte(12);
        write(sourceId, out);
        ByteUtils.writeUnsignedVarint(partition, out);
        out.writeLong(offset);
        out.writeLong(deadline);
      }
      case Shortened(Uuid sourceId, List<Long> ends) -> writeOffsets(13, sourceId, ends, out);
      case Leased leased -> {
        out.writeByte(14);
        write(leased.sourceId(), out);
        ByteUtils.writeUnsignedVarint(leased.partition(), out);
        out.writeLong(leased.next());
        out.writeLong(leased.now());
        out.writeLong(leased.deadline());
        out.writeLong(leased.owner());
        write(leased.offsets(), out);
      }
      case Relocked(Uuid sourceId, int partition, long deadline, List<Long> offsets) -> {
        out.writeByte(15);
        write(sourceId, out);
        ByteUtils.writeUnsignedVarint(partition, out);
        out.writeLong(deadline);
        write(offsets, out);
      }
      case CursorMoved(Uuid sourceId, int partition, long offset) -> {
        out.writeByte(16);
        write(sourceId, out);
        ByteUtils.writeUnsignedVarint(partition, out);
        out.writeLong(offset);
      }
      case Held held -> {
        out.writeByte(17);
        write(held.sourceId(), out);
        ByteUtils.writeUnsignedVarint(held.partition(), out);
        out.writeLong(held.next());
        write(held.offsets(), out);
        for (long group : held.groups()) {
          out.writeLong(group);
        }
      }
      case TakenAhead(Uuid sourceId, int partition, List<Long> offsets) -> {
        out.writeByte(18);
        write(sourceId, out);
        ByteUtils.writeUnsignedVarint(partition, out);
        write(offsets, out);
      }
    }
  }

  private static void writeOffsets(int type, Uuid sourceId, List<Long> offsets, DataOutput out)
      throws IOException {
    out.writeByte(type);
    write(sourceId, out);
    write(offsets, out);
  }

  static CursorEvent decode(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate();
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "a subscription journal entry of version " + version + " needs a newer Sluice");
    }
    return read(in);
  }

  private static CursorEvent read(ByteBuffer in) {
    byte type = in.get();
    return switch (type) {
      case 1 -> new Created();
      case 2 -> new Deleted();
      case 3 -> new SourceAdded(readUuid(in), readUuid(in), readOffsets(in));
      case 4 -> new PartitionsAdded(readUuid(in), readOffsets(in));
      case 5 -> new SourceEnded(readUuid(in), readOffsets(in));
      case 6 -> new SourceRestarted(readUuid(in), readOffsets(in));
      case 7 -> new Skipped(readUuid(in), readOffsets(in));
      case 8 -> {
        Uuid sourceId = readUuid(in);
        List<Long> none = readOffsets(in);
        assert none.isEmpty();
        yield new SourceDrained(sourceId);
      }
      case 9 ->
          new Acquired(
              readUuid(in),
              ByteUtils.readUnsignedVarint(in),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              readOffsets(in),
              List.of());
      case 10 ->
          new Delayed(
              readUuid(in),
              ByteUtils.readUnsignedVarint(in),
              in.getLong(),
              readOffsets(in),
              readOffsets(in));
      case 11 -> new Acknowledged(readUuid(in), ByteUtils.readUnsignedVarint(in), readOffsets(in));
      case 12 ->
          new VisibilityChanged(
              readUuid(in), ByteUtils.readUnsignedVarint(in), in.getLong(), in.getLong());
      case 13 -> new Shortened(readUuid(in), readOffsets(in));
      case 14 ->
          new Leased(
              readUuid(in),
              ByteUtils.readUnsignedVarint(in),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              readOffsets(in));
      case 15 ->
          new Relocked(
              readUuid(in), ByteUtils.readUnsignedVarint(in), in.getLong(), readOffsets(in));
      case 16 -> new CursorMoved(readUuid(in), ByteUtils.readUnsignedVarint(in), in.getLong());
      case 17 -> readHeld(in);
      case 18 -> new TakenAhead(readUuid(in), ByteUtils.readUnsignedVarint(in), readOffsets(in));
      default -> throw new IllegalStateException("unknown subscription journal entry " + type);
    };
  }

  private static Held readHeld(ByteBuffer in) {
    Uuid sourceId = readUuid(in);
    int partition = ByteUtils.readUnsignedVarint(in);
    long next = in.getLong();
    List<Long> offsets = readOffsets(in);
    List<Long> groups = new ArrayList<>(offsets.size());
    for (int i = 0; i < offsets.size(); i++) {
      groups.add(in.getLong());
    }
    return new Held(sourceId, partition, next, offsets, groups);
  }

  static void write(Uuid id, DataOutput out) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  static Uuid readUuid(ByteBuffer in) {
    return new Uuid(in.getLong(), in.getLong());
  }

  /** Each as its distance from the one before: neighbours, as offsets mostly are, take one byte. */
  static void write(List<Long> offsets, DataOutput out) throws IOException {
    ByteUtils.writeUnsignedVarint(offsets.size(), out);
    long before = 0;
    for (long offset : offsets) {
      ByteUtils.writeVarlong(offset - before, out);
      before = offset;
    }
  }

  static List<Long> readOffsets(ByteBuffer in) {
    int count = ByteUtils.readUnsignedVarint(in);
    List<Long> offsets = new ArrayList<>(count);
    long before = 0;
    for (int i = 0; i < count; i++) {
      before += ByteUtils.readVarlong(in);
      offsets.add(before);
    }
    return offsets;
  }
}
