package io.sluice.log;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.kafka.common.record.internal.FileRecords;

/**
 * A disk with so many bytes left for a segment's records: what does not fit is written as far as it
 * goes, and then there is no space left on the device, as Linux does it. It may also fail to read.
 * Used by one thread at a time.
 */
final class SmallDisk extends FileChannel {

  static final String NO_SPACE = "No space left on device";

  private final FileChannel file;
  private long room;
  private boolean unreadable;

  private SmallDisk(FileChannel file, long room) {
    this.file = file;
    this.room = room;
  }

  /** Puts itself under a partition's newest segment. */
  static SmallDisk under(PartitionLog partition, long room) {
    FileRecords records = ((DiskPartition) partition).log().activeSegment().log();
    try {
      Field channel = FileRecords.class.getDeclaredField("channel");
      channel.setAccessible(true);
      SmallDisk disk = new SmallDisk((FileChannel) channel.get(records), room);
      channel.set(records, disk);
      return disk;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Kafka's class has changed", e);
    }
  }

  void room(long bytes) {
    room = bytes;
  }

  void unreadable(boolean is) {
    unreadable = is;
  }

  private int allowed(ByteBuffer from) throws IOException {
    if (from.hasRemaining() && room == 0) {
      throw new IOException(NO_SPACE);
    }
    int bytes = (int) Math.min(room, from.remaining());
    room -= bytes;
    return bytes;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int bytes = allowed(from);
    int written = file.write(from.slice(from.position(), bytes));
    from.position(from.position() + written);
    return written;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    int bytes = allowed(from);
    int written = file.write(from.slice(from.position(), bytes), position);
    from.position(from.position() + written);
    return written;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  private void checkReadable() throws IOException {
    if (unreadable) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    checkReadable();
    return file.read(to);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    checkReadable();
    return file.read(to, position);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    file.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    file.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return file.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    return file.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return file.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return file.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
