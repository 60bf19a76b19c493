package io.sluice.broker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;

/**
 * Metadata records as JSON, so that a person can read the journal with Kafka's dump tool. Token by
 * token: an object mapper would cost every start its classes. Safe for use by many threads.
 */
final class MetadataCodec {

  /** The key of every record in the journal: the version of this format. */
  static final byte[] FORMAT = "sluice-metadata-1".getBytes(StandardCharsets.UTF_8);

  private static final JsonFactory JSON = new JsonFactory();

  private MetadataCodec() {}

  static byte[] encode(MetadataRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      write(json, record);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a metadata record that cannot be written: " + record, e);
    }
    return bytes.toByteArray();
  }

  static MetadataRecord decode(byte[] bytes) {
    try (JsonParser json = JSON.createParser(bytes)) {
      MetadataFields fields = MetadataFields.read(json);
      MetadataRecord record = record(fields);
      fields.end();
      return record;
    } catch (IOException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new IllegalStateException(
          "the metadata journal holds a record that this version cannot read: "
              + new String(bytes, StandardCharsets.UTF_8),
          e);
    }
  }

  private static void write(JsonGenerator json, MetadataRecord record) throws IOException {
    switch (record) {
      case MetadataRecord.Identity identity -> {
        json.writeStringField("type", "identity");
        json.writeStringField("clusterId", identity.clusterId());
        json.writeBinaryField("secret", identity.secret());
      }
      case MetadataRecord.ProducerIds producerIds -> {
        json.writeStringField("type", "producer-ids");
        json.writeNumberField("next", producerIds.next());
      }
      case MetadataRecord.TopicIs is -> {
        json.writeStringField("type", "topic");
        json.writeObjectFieldStart("topic");
        write(json, is.topic());
        json.writeEndObject();
        json.writeStringField("storageName", is.storageName());
      }
      case MetadataRecord.TopicDeleted deleted ->
          writeEnd(json, "topic-deleted", "topicId", deleted.topicId());
      case MetadataRecord.TopicDrained drained ->
          writeEnd(json, "topic-drained", "topicId", drained.topicId());
      case MetadataRecord.QueueIs is -> {
        json.writeStringField("type", "queue");
        json.writeObjectFieldStart("queue");
        write(json, is.queue());
        json.writeEndObject();
      }
      case MetadataRecord.ShareGroupIs is -> {
        json.writeStringField("type", "share-group");
        json.writeStringField("name", is.group().name());
        json.writeStringField("id", is.group().id().toString());
        json.writeStringField("createdAt", is.group().createdAt().toString());
      }
      case MetadataRecord.QueueDeleted deleted ->
          writeEnd(json, "queue-deleted", "queueId", deleted.queueId());
      case MetadataRecord.SourceIs is -> {
        json.writeStringField("type", "source");
        json.writeObjectFieldStart("source");
        write(json, is.source());
        json.writeEndObject();
        json.writeBooleanField("ended", is.ended());
        if (!is.past().isEmpty()) {
          write(json, is.past());
        }
      }
      case MetadataRecord.SourceDrained drained ->
          writeEnd(json, "source-drained", "sourceId", drained.sourceId());
      case MetadataRecord.MoveTaskIs is -> {
        json.writeStringField("type", "move-task");
        write(json, is.task());
      }
      case MetadataRecord.ConfigsAre are -> {
        json.writeStringField("type", "configs");
        json.writeStringField("kind", are.kind().name());
        json.writeStringField("name", are.name());
        write(json, "configs", are.configs());
      }
    }
  }

  private static void writeEnd(JsonGenerator json, String type, String name, Uuid id)
      throws IOException {
    json.writeStringField("type", type);
    json.writeStringField(name, id.toString());
  }

  private static void write(JsonGenerator json, Topic topic) throws IOException {
    json.writeStringField("name", topic.name());
    json.writeStringField("id", topic.id().toString());
    json.writeStringField("kind", topic.kind().name());
    json.writeNumberField("partitions", topic.partitions());
    write(json, "configs", topic.configs());
    write(json, "attributes", topic.attributes());
    json.writeStringField("createdAt", topic.createdAt().toString());
  }

  private static void write(JsonGenerator json, QueueDefinition queue) throws IOException {
    json.writeStringField("name", queue.name());
    json.writeStringField("id", queue.id().toString());
    write(json, "attributes", queue.attributes());
    json.writeObjectFieldStart("settings");
    json.writeStringField("retention", queue.settings().retention().toString());
    json.writeNumberField("maxMessageBytes", queue.settings().maxMessageBytes());
    json.writeNumberField("maxInFlight", queue.settings().maxInFlight());
    json.writeStringField("delay", queue.settings().delay().toString());
    if (queue.settings().fifo().isPresent()) {
      json.writeObjectFieldStart("fifo");
      json.writeBooleanField(
          "deduplicationByGroup", queue.settings().fifo().get().deduplicationByGroup());
      json.writeEndObject();
    }
    if (queue.settings().redrive().isPresent()) {
      Redrive redrive = queue.settings().redrive().get();
      json.writeObjectFieldStart("redrive");
      json.writeStringField("queue", redrive.queue());
      json.writeNumberField("maxReceiveCount", redrive.maxReceiveCount());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeStringField("createdAt", queue.createdAt().toString());
    json.writeStringField("modifiedAt", queue.modifiedAt().toString());
  }

  static void write(JsonGenerator json, Source source) throws IOException {
    json.writeStringField("id", source.id().toString());
    json.writeStringField("topic", source.topic());
    json.writeStringField("topicId", source.topicId().toString());
    json.writeStringField("queue", source.queue());
    json.writeStringField("queueId", source.queueId().toString());
    write(json, "attributes", source.attributes());
    json.writeStringField("createdAt", source.createdAt().toString());
  }

  /** What may be missing is an empty text, or 0. */
  private static void write(JsonGenerator json, MoveTask task) throws IOException {
    json.writeStringField("id", task.id().toString());
    json.writeStringField("source", task.source());
    json.writeStringField("sourceId", task.sourceId().toString());
    json.writeStringField("destination", task.destination().orElse(""));
    json.writeNumberField("maxPerSecond", task.maxPerSecond().orElse(0));
    json.writeStringField("startedAt", task.startedAt().toString());
    json.writeNumberField("toMove", task.toMove());
    json.writeNumberField("moved", task.moved());
    json.writeStringField("state", task.state().name());
    json.writeStringField("failure", task.failure().map(Enum::name).orElse(""));
  }

  private static void write(JsonGenerator json, List<PastFilter> past) throws IOException {
    json.writeArrayFieldStart("past");
    for (PastFilter old : past) {
      json.writeStartObject();
      write(json, "attributes", old.attributes());
      json.writeArrayFieldStart("ends");
      for (long end : old.ends()) {
        json.writeNumber(end);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static MetadataRecord record(MetadataFields fields) {
    String type = fields.text("type");
    return switch (type) {
      case "identity" ->
          new MetadataRecord.Identity(fields.text("clusterId"), fields.bytes("secret"));
      case "producer-ids" -> new MetadataRecord.ProducerIds(fields.number("next"));
      case "topic" ->
          new MetadataRecord.TopicIs(
              fields.object("topic", MetadataCodec::topic), fields.text("storageName"));
      case "topic-deleted" -> new MetadataRecord.TopicDeleted(id(fields, "topicId"));
      case "topic-drained" -> new MetadataRecord.TopicDrained(id(fields, "topicId"));
      case "queue" ->
          new MetadataRecord.QueueIs(fields.object("queue", MetadataCodec::queueDefinition));
      case "share-group" ->
          new MetadataRecord.ShareGroupIs(
              new ShareGroupDefinition(
                  fields.text("name"), id(fields, "id"), instant(fields, "createdAt")));
      case "queue-deleted" -> new MetadataRecord.QueueDeleted(id(fields, "queueId"));
      case "source" ->
          new MetadataRecord.SourceIs(
              fields.object("source", MetadataCodec::source),
              fields.bool("ended"),
              fields.objects("past", MetadataCodec::pastFilter));
      case "source-drained" -> new MetadataRecord.SourceDrained(id(fields, "sourceId"));
      case "move-task" -> new MetadataRecord.MoveTaskIs(moveTask(fields));
      case "configs" ->
          new MetadataRecord.ConfigsAre(
              ConfigKind.valueOf(fields.text("kind")),
              fields.text("name"),
              fields.texts("configs"));
      default -> throw new IllegalArgumentException("unknown type " + type);
    };
  }

  private static MoveTask moveTask(MetadataFields fields) {
    String destination = fields.text("destination");
    int maxPerSecond = Math.toIntExact(fields.number("maxPerSecond"));
    String failure = fields.text("failure");
    return new MoveTask(
        id(fields, "id"),
        fields.text("source"),
        id(fields, "sourceId"),
        destination.isEmpty() ? Optional.empty() : Optional.of(destination),
        maxPerSecond == 0 ? OptionalInt.empty() : OptionalInt.of(maxPerSecond),
        instant(fields, "startedAt"),
        fields.number("toMove"),
        fields.number("moved"),
        MoveTask.State.valueOf(fields.text("state")),
        failure.isEmpty() ? Optional.empty() : Optional.of(MoveTask.Failure.valueOf(failure)));
  }

  private static Topic topic(MetadataFields fields) {
    return new Topic(
        fields.text("name"),
        id(fields, "id"),
        TopicKind.valueOf(fields.text("kind")),
        Math.toIntExact(fields.number("partitions")),
        fields.texts("configs"),
        fields.texts("attributes"),
        instant(fields, "createdAt"));
  }

  private static QueueDefinition queueDefinition(MetadataFields fields) {
    return new QueueDefinition(
        fields.text("name"),
        id(fields, "id"),
        fields.texts("attributes"),
        fields.object("settings", MetadataCodec::queueSettings),
        instant(fields, "createdAt"),
        instant(fields, "modifiedAt"));
  }

  private static QueueSettings queueSettings(MetadataFields fields) {
    return new QueueSettings(
        Duration.parse(fields.text("retention")),
        Math.toIntExact(fields.number("maxMessageBytes")),
        Math.toIntExact(fields.number("maxInFlight")),
        fields.optionalText("delay").map(Duration::parse).orElse(Duration.ZERO),
        fields.optionalObject("fifo", MetadataCodec::fifo),
        fields.optionalObject("redrive", MetadataCodec::redrive));
  }

  private static QueueSettings.Fifo fifo(MetadataFields fields) {
    return new QueueSettings.Fifo(fields.bool("deduplicationByGroup"));
  }

  private static Redrive redrive(MetadataFields fields) {
    return new Redrive(fields.text("queue"), Math.toIntExact(fields.number("maxReceiveCount")));
  }

  static Source source(MetadataFields fields) {
    return new Source(
        id(fields, "id"),
        fields.text("topic"),
        id(fields, "topicId"),
        fields.text("queue"),
        id(fields, "queueId"),
        fields.texts("attributes"),
        instant(fields, "createdAt"));
  }

  private static PastFilter pastFilter(MetadataFields fields) {
    return new PastFilter(fields.texts("attributes"), fields.numbers("ends"));
  }

  private static Uuid id(MetadataFields fields, String name) {
    return Uuid.fromString(fields.text(name));
  }

  private static Instant instant(MetadataFields fields, String name) {
    return Instant.parse(fields.text(name));
  }
}
