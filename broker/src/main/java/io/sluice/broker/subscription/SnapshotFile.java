package io.sluice.broker.subscription;

import io.sluice.log.FormatVersions;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one journal at one of its offsets, in a file that is replaced as a whole:
 * magic, version, offset, count, states, checksum. The file before it is kept, and so is the
 * journal since then, so that damage to the newest loses nothing.
 */
final class SnapshotFile {

  /**
   * What a snapshot holds.
   *
   * @param offset the first journal entry that it does not cover
   */
  record Contents(long offset, Map<Uuid, SubscriptionState> states) {}

  private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotFile.class);
  private static final int MAGIC = 0x534c5343;
  private static final int VERSION = 3;

  private final Path path;
  private final Path before;

  SnapshotFile(Path path) {
    this.path = path;
    this.before = path.resolveSibling(path.getFileName() + ".before");
  }

  /** The bytes of a snapshot; the caller keeps the states still meanwhile. */
  static byte[] encode(long offset, Map<Uuid, SubscriptionState> states) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeLong(offset);
      out.writeInt(states.size());
      for (Map.Entry<Uuid, SubscriptionState> entry : states.entrySet()) {
        EventCodec.write(entry.getKey(), out);
        StateCodec.write(entry.getValue(), out);
      }
      out.writeLong(checksum(ByteBuffer.wrap(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static long checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  /** Replaces the file and keeps the one that it replaces; durable on return. */
  void write(byte[] snapshot) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(snapshot);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (Files.exists(path)) {
      Files.move(path, before, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Utils.flushDir(path.toAbsolutePath().getParent());
  }

  /**
   * The newest contents that are whole. A damaged newest file is put aside, so that the next {@link
   * #write} does not put it in the place of the whole one before it.
   */
  Optional<Contents> read() {
    Optional<Contents> newest = read(path);
    if (newest.isEmpty() && Files.exists(path)) {
      putAside();
    }
    return newest.or(() -> read(before));
  }

  /**
   * Whether a file is a whole snapshot.
   *
   * @throws io.sluice.log.DataDirectoryException of a newer version
   */
  static boolean isWhole(Path file) {
    return read(file).isPresent();
  }

  private void putAside() {
    try {
      Files.move(
          path,
          path.resolveSibling(path.getFileName() + ".damaged"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Contents> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return decode(file, ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Contents> decode(Path file, ByteBuffer in) {
    int end = in.limit() - Long.BYTES;
    if (end < 0 || checksum(in.duplicate().limit(end)) != in.getLong(end) || in.getInt() != MAGIC) {
      LOGGER.error("snapshot {} is damaged: the one before it and the journal must do", file);
      return Optional.empty();
    }
    int version = in.getInt();
    FormatVersions.check(file, version, VERSION);
    long offset = in.getLong();
    int count = in.getInt();
    Map<Uuid, SubscriptionState> states = new HashMap<>();
    for (int i = 0; i < count; i++) {
      states.put(EventCodec.readUuid(in), StateCodec.read(in, version));
    }
    return Optional.of(new Contents(offset, states));
  }
}
