package io.sluice.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk under a real process: {@code disk.c}, compiled here, records every write, flush, renaming
 * and deletion below a folder, and fails when it is told to. From the record it makes what a power
 * failure at any moment would have left: of what was not flushed, any part. Owned by one test.
 */
final class TracedDisk {

  private static final int HEAD_BYTES = 7 * Long.BYTES;
  private static final int SECTOR_BYTES = 512;

  /** Something that was done to a file or a folder, in the order in which it was done. */
  private record Event(
      char type, long nanos, long thread, long file, long number, String path, ByteBuffer bytes) {}

  private final Path home;
  private final Path library;
  private List<Event> events = List.of();

  private TracedDisk(Path home, Path library) {
    this.home = home;
    this.library = library;
  }

  /** Compiles the library into {@code home}; without gcc, the test is skipped by that name. */
  static TracedDisk in(Path home) throws IOException, InterruptedException {
    Path library = PreloadedLibrary.compile("disk", home);
    TracedDisk disk = new TracedDisk(home, library);
    disk.set(0, -1, 0, 0);
    return disk;
  }

  /** What runs a command on this disk: to be put before it. */
  List<String> environment(Path folder, boolean traced) {
    List<String> words =
        new ArrayList<>(List.of("env", "LD_PRELOAD=" + library, "DISK_FOLDER=" + folder));
    words.add("DISK_CONTROL=" + home.resolve("control"));
    if (traced) {
      words.add("DISK_TRACE=" + home.resolve("trace"));
    }
    return words;
  }

  /** So many flushes until one fails, 0: none does. */
  void failFlush(long in) throws IOException {
    set(in, -1, 0, 0);
  }

  /** So many bytes are left. */
  void room(long bytes) throws IOException {
    set(0, bytes, 0, 0);
  }

  /** Every second write ends early. */
  void shortWrites() throws IOException {
    set(0, -1, 1, 0);
  }

  /** So many reads until one fails. */
  void failRead(long in) throws IOException {
    set(0, -1, 0, in);
  }

  void well() throws IOException {
    set(0, -1, 0, 0);
  }

  private void set(long... numbers) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    try (FileChannel file =
        FileChannel.open(
            home.resolve("control"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(bytes.flip(), 0);
    }
  }

  /** Reads what was recorded; the process must have ended. */
  int load() throws IOException {
    List<Event> read = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(
            new java.io.BufferedInputStream(
                Files.newInputStream(home.resolve("trace")), 1 << 20))) {
      byte[] head = new byte[HEAD_BYTES];
      while (in.readNBytes(head, 0, HEAD_BYTES) == HEAD_BYTES) {
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        char type = (char) fields.getLong();
        long nanos = fields.getLong();
        long thread = fields.getLong();
        long file = fields.getLong();
        long number = fields.getLong();
        byte[] path = in.readNBytes((int) fields.getLong());
        byte[] bytes = in.readNBytes((int) fields.getLong());
        read.add(
            new Event(
                type,
                nanos,
                thread,
                file,
                number,
                new String(path, StandardCharsets.UTF_8),
                ByteBuffer.wrap(bytes)));
      }
    }
    events = read;
    return read.size();
  }

  /** When an event happened, by {@link System#nanoTime}. */
  long nanosOf(int event) {
    return events.get(event).nanos();
  }

  /** What is done to a file: bytes at a position, or, without bytes, its new length. */
  private record Change(int event, long position, @Nullable ByteBuffer bytes) {}

  private static final class TracedFile {
    private final List<Change> changes = new ArrayList<>();
    private final Map<Long, Integer> flushing = new HashMap<>();

    /** Changes before this event are on the disk. */
    private int safe;
  }

  /** A change of names in one folder. */
  private record Naming(int event, String name, @Nullable String newName, long file) {}

  private static final class TracedFolder {
    private final List<Naming> namings = new ArrayList<>();
    private final Map<Long, Integer> flushing = new HashMap<>();
    private int safe;
  }

  /**
   * Makes in {@code to} what is left of {@code folder} when the power fails before {@code event}.
   */
  void afterPowerLoss(Path folder, int event, RandomGenerator random, Path to) throws IOException {
    new Remains(folder).until(event).write(random, to);
  }

  /** All files and folders at one moment, with what is safe of them. */
  private final class Remains {

    private final Path root;
    private final Map<Long, TracedFile> files = new HashMap<>();
    private final Map<Path, TracedFolder> folders = new HashMap<>();
    private final Map<Long, Path> folderOf = new HashMap<>();

    /** Files that had an inode before another got it. */
    private long ids = -1;

    private final Map<Long, Long> current = new HashMap<>();

    Remains(Path root) {
      this.root = root;
    }

    Remains until(int event) {
      for (int i = 0; i < event; i++) {
        apply(i, events.get(i));
      }
      return this;
    }

    private long fresh(long inode) {
      long id = ids--;
      current.put(inode, id);
      return id;
    }

    private void apply(int at, Event event) {
      long id = current.getOrDefault(event.file(), 0L);
      switch (event.type()) {
        case 'C' -> {
          long file = fresh(event.file());
          folderOf.remove(event.file());
          files.put(file, new TracedFile());
          name(at, event.path(), null, file);
        }
        case 'D' -> {
          Path path = Path.of(event.path());
          folders.put(path, new TracedFolder());
          folderOf.put(event.file(), path);
          long folder = fresh(event.file());
          if (!path.equals(root)) {
            name(at, event.path(), null, folder);
          } else {
            current.remove(event.file());
          }
        }
        case 'W' -> file(id).changes.add(new Change(at, event.number(), event.bytes()));
        case 'T' -> file(id).changes.add(new Change(at, event.number(), null));
        case 'S' -> flushing(event, id).put(event.thread(), at);
        case 's' -> flushed(event, id, flushing(event, id).getOrDefault(event.thread(), 0));
        case 'U' -> name(at, event.path(), "", 0);
        case 'R' -> renamed(at, event);
        default -> throw new IllegalStateException("an event " + event.type());
      }
    }

    private TracedFile file(long id) {
      return files.computeIfAbsent(id, unknown -> new TracedFile());
    }

    private Map<Long, Integer> flushing(Event event, long id) {
      Path folder = folderOf.get(event.file());
      return folder != null && folders.containsKey(folder)
          ? folders.get(folder).flushing
          : file(id).flushing;
    }

    private void flushed(Event event, long id, int since) {
      Path folder = folderOf.get(event.file());
      if (folder != null && folders.containsKey(folder)) {
        folders.get(folder).safe = Math.max(folders.get(folder).safe, since);
      } else {
        file(id).safe = Math.max(file(id).safe, since);
      }
    }

    private void name(int at, String path, @Nullable String newName, long file) {
      Path named = Path.of(path);
      TracedFolder folder = folders.get(named.getParent());
      if (folder != null) {
        folder.namings.add(new Naming(at, named.getFileName().toString(), newName, file));
      }
    }

    private void renamed(int at, Event event) {
      Path from = Path.of(event.path());
      Path to = Path.of(StandardCharsets.UTF_8.decode(event.bytes().duplicate()).toString());
      if (folders.containsKey(from)) {
        folders.put(to, folders.remove(from));
        folderOf.replaceAll((inode, path) -> path.equals(from) ? to : path);
      }
      name(at, event.path(), to.getFileName().toString(), 0);
    }

    private void write(RandomGenerator random, Path to) throws IOException {
      write(root, random, to);
    }

    private void write(Path path, RandomGenerator random, Path to) throws IOException {
      Files.createDirectories(to);
      TracedFolder folder = folders.get(path);
      if (folder == null) {
        return;
      }
      Map<String, Long> entries = new TreeMap<>();
      int safe = 0;
      while (safe < folder.namings.size() && folder.namings.get(safe).event() < folder.safe) {
        safe++;
      }
      // A file system keeps the order of names in one folder.
      int kept = safe + random.nextInt(folder.namings.size() - safe + 1);
      for (int i = 0; i < folder.namings.size(); i++) {
        Naming naming = folder.namings.get(i);
        if (i < kept) {
          apply(naming, entries);
        }
      }
      for (Map.Entry<String, Long> entry : entries.entrySet()) {
        Path below = path.resolve(entry.getKey());
        if (files.containsKey(entry.getValue())) {
          write(files.get(entry.getValue()), random, to.resolve(entry.getKey()));
        } else if (folders.containsKey(below)) {
          write(below, random, to.resolve(entry.getKey()));
        } else {
          // Renamed, which was lost.
          Files.createDirectories(to.resolve(entry.getKey()));
        }
      }
    }

    private static void apply(Naming naming, Map<String, Long> entries) {
      if (naming.newName() == null) {
        entries.put(naming.name(), naming.file());
      } else if (naming.newName().isEmpty()) {
        entries.remove(naming.name());
      } else {
        Long file = entries.remove(naming.name());
        if (file != null) {
          entries.put(naming.newName(), file);
        }
      }
    }

    private static void write(TracedFile file, RandomGenerator random, Path to) {
      int mode = random.nextInt(4);
      try (RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
        for (Change change : file.changes) {
          boolean isSafe = change.event() < file.safe;
          boolean isKept =
              switch (mode) {
                case 0 -> isSafe;
                case 1 -> true;
                default -> isSafe || random.nextBoolean();
              };
          if (isKept) {
            write(change, !isSafe && mode == 3 ? random : null, out);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * @param torn decides which sectors reach the disk; null for all
     */
    private static void write(Change change, @Nullable RandomGenerator torn, RandomAccessFile out)
        throws IOException {
      ByteBuffer bytes = change.bytes();
      if (bytes == null) {
        out.setLength(change.position());
        return;
      }
      int from = 0;
      while (from < bytes.limit()) {
        long position = change.position() + from;
        int length = (int) Math.min(bytes.limit() - from, SECTOR_BYTES - position % SECTOR_BYTES);
        if (torn == null) {
          length = bytes.limit() - from;
        }
        if (torn == null || torn.nextBoolean()) {
          out.getChannel().write(bytes.slice(from, length), position);
        }
        from += length;
      }
    }
  }
}
