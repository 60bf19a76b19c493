package io.sluice.aws.message;

import static io.sluice.aws.message.RecordMapping.ESCAPE;
import static io.sluice.aws.message.RecordMapping.RESERVED;

import io.sluice.broker.MessageOrigin;
import io.sluice.broker.deduplication.Deduplicator;
import io.sluice.broker.subscription.Subscription;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** Reads one record as a message, see {@link RecordMapping}. Used once, by one thread. */
final class MessageReader {

  private final Header[] headers;
  private final int maxAttributes;
  private final SortedMap<String, MessageAttribute> attributes = new TreeMap<>();

  MessageReader(Header[] headers, int maxAttributes) {
    this.headers = headers;
    this.maxAttributes = maxAttributes;
  }

  MessageContent read(byte @Nullable [] key, byte @Nullable [] value) {
    String body = body(value);
    Optional<String> groupId = groupId(key);
    if (headers.length == 0) {
      return new MessageContent(body, groupId, attributes, Optional.empty(), Optional.empty());
    }
    Map<String, Integer> occurrences = occurrences();
    Optional<String> subject = reservedText(RecordMapping.SUBJECT, occurrences);
    Optional<String> traceHeader = reservedText(RecordMapping.TRACE_HEADER, occurrences);
    Optional<Map<String, String>> types = types(occurrences);
    SequencedMap<String, Header> candidates = new LinkedHashMap<>();
    List<Header> others = new ArrayList<>();
    for (Header header : headers) {
      Optional<String> attribute = attributeName(header, occurrences);
      if (attribute.isPresent()) {
        candidates.put(attribute.get(), header);
        others.add(header);
      } else if (!isUnderstood(header, subject, traceHeader, types)) {
        others.add(header);
      }
    }
    addAttributes(candidates, others, types.orElse(Map.of()));
    return new MessageContent(body, groupId, attributes, subject, traceHeader);
  }

  /** The attributes of these names as their sender gave them, without markers and carriers. */
  SortedMap<String, MessageAttribute> attributes(Set<String> names) {
    Map<String, Integer> occurrences = occurrences();
    Optional<Map<String, String>> types = Optional.empty();
    for (Header header : headers) {
      Optional<String> name = attributeName(header, occurrences).filter(names::contains);
      if (name.isPresent()) {
        types = types.isPresent() ? types : Optional.of(types(occurrences).orElse(Map.of()));
        attributes.put(name.get(), attribute(header, types.get().get(name.get())));
      }
    }
    return attributes;
  }

  private static boolean isUnderstood(
      Header header,
      Optional<String> subject,
      Optional<String> traceHeader,
      Optional<Map<String, String>> types) {
    return switch (header.key()) {
      case RecordMapping.SUBJECT -> subject.isPresent();
      case RecordMapping.TRACE_HEADER -> traceHeader.isPresent();
      case RecordMapping.TYPES -> types.isPresent();
      case RecordMapping.HTTP_BODY, RecordMapping.HTTPS_BODY -> isText(header);
      case Subscription.AVAILABLE_AT_HEADER ->
          header.value() != null && header.value().length == Long.BYTES;
      case MessageOrigin.HEADER -> MessageOrigin.of(new Header[] {header}).isPresent();
      case Deduplicator.ID_HEADER ->
          header.value() != null && MessageText.decode(header.value()) != null;
      default -> false;
    };
  }

  private static boolean isText(Header header) {
    return header.value() != null && MessageText.decode(header.value()) != null;
  }

  private String body(byte @Nullable [] value) {
    if (value == null) {
      return marked(RecordMapping.BODY, RecordMapping.NULL, "null");
    }
    if (value.length == 0) {
      return marked(RecordMapping.BODY, RecordMapping.EMPTY, "\"\"");
    }
    String text = MessageText.decode(value);
    return text != null
        ? text
        : marked(
            RecordMapping.BODY, RecordMapping.BASE64, Base64.getEncoder().encodeToString(value));
  }

  private Optional<String> groupId(byte @Nullable [] key) {
    if (key == null) {
      return Optional.empty();
    }
    if (key.length == 0) {
      marked(RecordMapping.GROUP_ID, RecordMapping.EMPTY, "");
      return Optional.empty();
    }
    String text = MessageText.decode(key);
    return Optional.of(
        text != null
            ? text
            : marked(
                RecordMapping.GROUP_ID,
                RecordMapping.BASE64,
                Base64.getEncoder().encodeToString(key)));
  }

  private String marked(String marker, String meaning, String text) {
    attributes.put(marker, MessageAttribute.string(meaning));
    return text;
  }

  private Map<String, Integer> occurrences() {
    Map<String, Integer> occurrences = HashMap.newHashMap(headers.length);
    for (Header header : headers) {
      occurrences.merge(header.key(), 1, Integer::sum);
    }
    return occurrences;
  }

  /** The text of a reserved header that stands there once and is text. */
  private Optional<String> reservedText(String name, Map<String, Integer> occurrences) {
    if (occurrences.getOrDefault(name, 0) != 1) {
      return Optional.empty();
    }
    for (Header header : headers) {
      if (header.key().equals(name) && header.value() != null) {
        return Optional.ofNullable(MessageText.decode(header.value()));
      }
    }
    return Optional.empty();
  }

  /** The declared data types; empty when the header is missing or says nothing sensible. */
  private Optional<Map<String, String>> types(Map<String, Integer> occurrences) {
    return reservedText(RecordMapping.TYPES, occurrences).flatMap(AttributeTypes::parse);
  }

  /** The name of the attribute that a header becomes, if it can become one. */
  private static Optional<String> attributeName(Header header, Map<String, Integer> occurrences) {
    String name = header.key();
    if (header.value() == null
        || header.value().length == 0
        || occurrences.getOrDefault(name, 0) != 1) {
      return Optional.empty();
    }
    if (name.startsWith(RESERVED)) {
      if (!name.startsWith(ESCAPE)) {
        return Optional.empty();
      }
      String escaped = name.substring(ESCAPE.length());
      return escaped.startsWith(RESERVED) && AttributeNames.isLegal(escaped)
          ? Optional.of(escaped)
          : Optional.empty();
    }
    return AttributeNames.isLegal(name) ? Optional.of(name) : Optional.empty();
  }

  /**
   * Makes attributes of the candidates, as far as there is room beside the markers, and one that
   * carries the rest of {@code headers}.
   *
   * @param headers the candidates among them, in the record's order
   */
  private void addAttributes(
      SequencedMap<String, Header> candidates, List<Header> headers, Map<String, String> types) {
    // An escaped name that this very record needs as a marker cannot be both.
    candidates.keySet().removeAll(attributes.keySet());
    boolean carrier =
        headers.size() > candidates.size()
            || (long) attributes.size() + candidates.size() > maxAttributes;
    if (carrier) {
      candidates.remove(RecordMapping.HEADERS);
      while (candidates.size() > maxAttributes - attributes.size() - 1) {
        candidates.pollLastEntry();
      }
      Set<Header> direct = Collections.newSetFromMap(new IdentityHashMap<>());
      direct.addAll(candidates.values());
      List<Header> carried = headers.stream().filter(header -> !direct.contains(header)).toList();
      attributes.put(RecordMapping.HEADERS, MessageAttribute.string(CarriedHeaders.write(carried)));
    }
    candidates.forEach((name, header) -> attributes.put(name, attribute(header, types.get(name))));
  }

  private static MessageAttribute attribute(Header header, @Nullable String declaredType) {
    byte[] value = header.value();
    if (declaredType != null && declaredType.startsWith(MessageAttribute.BINARY)) {
      return new MessageAttribute.Bytes(declaredType, SdkBytes.fromByteArray(value));
    }
    String text = MessageText.decode(value);
    if (text == null) {
      return new MessageAttribute.Bytes(MessageAttribute.BINARY, SdkBytes.fromByteArray(value));
    }
    return new MessageAttribute.Text(
        declaredType == null ? MessageAttribute.STRING : declaredType, text);
  }
}
