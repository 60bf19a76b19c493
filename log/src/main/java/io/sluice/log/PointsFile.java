package io.sluice.log;

import io.sluice.log.Checkpoints.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Crc32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of the checkpoints: a line with its version, a line for each partition, and a line with
 * the checksum of all before. Owned by {@link Checkpoints}.
 */
final class PointsFile {

  private static final Logger LOGGER = LoggerFactory.getLogger(PointsFile.class);

  static final String NAME = "sluice-checkpoints";
  private static final int VERSION = 1;

  private final Path path;

  PointsFile(Path directory) {
    this.path = directory.resolve(NAME);
  }

  /**
   * What it says; empty when there is none, or a damaged one.
   *
   * @throws DataDirectoryException a newer Sluice wrote it
   */
  Optional<Map<TopicPartition, Point>> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    String text = Files.readString(path, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf('\n', text.length() - 2) + 1;
    if (!text.substring(end).equals(checksum(text.substring(0, end)))) {
      LOGGER.error("{} is damaged: Kafka's checkpoints must do", path);
      return Optional.empty();
    }
    List<String> lines = text.substring(0, end).lines().toList();
    FormatVersions.check(path, Integer.parseInt(lines.getFirst()), VERSION);
    Map<TopicPartition, Point> points = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(" ", -1);
      points.put(
          new TopicPartition(fields[0], Integer.parseInt(fields[1])),
          new Point(
              Long.parseLong(fields[2]), Long.parseLong(fields[3]), Long.parseLong(fields[4])));
    }
    return Optional.of(points);
  }

  private static String checksum(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return "crc32c %08x\n".formatted(Crc32C.compute(bytes, 0, bytes.length));
  }

  /** Durable on return. */
  void write(Map<TopicPartition, Point> points) throws IOException {
    StringBuilder text = new StringBuilder(VERSION + "\n");
    Map<String, Point> sorted = new TreeMap<>();
    points.forEach(
        (partition, at) -> sorted.put(partition.topic() + " " + partition.partition(), at));
    sorted.forEach(
        (partition, at) ->
            text.append(partition)
                .append(' ')
                .append(at.recoveryPoint())
                .append(' ')
                .append(at.startOffset())
                .append(' ')
                .append(at.durableTo())
                .append('\n'));
    text.append(checksum(text.toString()));
    DurableFile.replace(path, text.toString());
  }
}
