package io.sluice.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/**
 * What the SDK's metadata does not say about a service, read from its data file: names, required
 * members, errors. The file says what its keys mean.
 */
final class ServiceModel {

  /** How the Query protocol names a member; key and value matter for maps only. */
  record QueryName(String name, Optional<String> key, Optional<String> value) {}

  private final Properties properties;
  private final String namespace;
  private final String missingCode;
  private final Set<String> emptyResults;
  private final Map<String, WireError> errors = new HashMap<>();

  private ServiceModel(Properties properties) {
    this.properties = properties;
    this.namespace = text("namespace");
    this.missingCode = text("missing");
    this.emptyResults = new HashSet<>(words("query.empty"));
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith("error.")) {
        errors.put(key.substring("error.".length()), error(words(key)));
      }
    }
  }

  /** The model of the service whose client interface this is. */
  static ServiceModel of(Class<? extends SdkClient> contract) {
    String file = contract.getSimpleName().replace("Client", "").toLowerCase(Locale.ROOT);
    try (InputStream data = ServiceModel.class.getResourceAsStream(file + ".properties")) {
      if (data == null) {
        throw new IllegalArgumentException("no data file for " + contract.getName());
      }
      Properties properties = new Properties();
      properties.load(data);
      return new ServiceModel(properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As it stands in a credential's scope. */
  String service() {
    return text("service");
  }

  /** The Version parameter of the Query protocol. */
  String version() {
    return text("version");
  }

  /** Of the XML that the Query protocol answers with. */
  String namespace() {
    return namespace;
  }

  /** What an X-Amz-Target starts with; empty when the service does not speak JSON. */
  Optional<String> jsonTarget() {
    return Optional.ofNullable(properties.getProperty("json.target"));
  }

  /** The member that a request's path stands for. */
  Optional<String> resourceMember() {
    return Optional.ofNullable(properties.getProperty("query.resource"));
  }

  /** True when an error of the Query protocol has a Detail element. */
  boolean hasErrorDetail() {
    return properties.containsKey("query.detail");
  }

  /** The operation's name on the wire. */
  String operationName(String sdkName) {
    return properties.getProperty("operation." + sdkName, sdkName);
  }

  /** True when the Query protocol's answer has a result element although it holds nothing. */
  boolean hasEmptyResult(String operation) {
    return emptyResults.contains(operation);
  }

  /** The Query protocol's name of a member, where it differs from the metadata's. */
  @Nullable QueryName queryName(String structure, String member) {
    List<String> words = words("query." + structure + "." + member);
    if (words.isEmpty()) {
      words = words("query." + member);
    }
    return switch (words.size()) {
      case 0 -> null;
      case 1 -> new QueryName(words.get(0), Optional.empty(), Optional.empty());
      default -> new QueryName(words.get(0), Optional.of(words.get(1)), Optional.of(words.get(2)));
    };
  }

  /** The members that a request must have; a trailing "+" asks for more than an empty string. */
  List<String> required(String structure) {
    return words("required." + structure);
  }

  /** The code of the error for a required member that is missing. */
  String missingCode() {
    return missingCode;
  }

  /** What an exception of this class says; null when the data file does not know it. */
  @Nullable WireError errorOf(String exceptionClass) {
    return errors.get(exceptionClass);
  }

  /** The class of the SDK's exception for a code; empty for one that has no class of its own. */
  Optional<String> exceptionOf(String code) {
    return errors.entrySet().stream()
        .filter(entry -> entry.getValue().code().equals(code))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The error for an operation that the implementation leaves out. */
  Optional<WireError> unsupported() {
    return Optional.ofNullable(properties.getProperty("unsupported")).map(errors::get);
  }

  /** Why an action is left out; empty for one that is not said to be. */
  Optional<String> reasonFor(String action) {
    return properties.stringPropertyNames().stream()
        .filter(key -> key.startsWith("left-out.") && key.endsWith(".actions"))
        .filter(key -> words(key).contains(action))
        .map(key -> text(key.substring(0, key.length() - ".actions".length())))
        .findFirst();
  }

  /** An error that the service has no shape for, by its Query code. */
  WireError unmodelled(String code, int status) {
    return new WireError(
        WireError.CORAL + properties.getProperty("json.code." + code, code), code, status, "");
  }

  private WireError error(List<String> words) {
    String shape = properties.getProperty("json.shapes", "") + "#" + words.get(0);
    String code = words.get(words.size() - 2);
    return new WireError(shape, code, Integer.parseInt(words.get(words.size() - 1)), "");
  }

  private String text(String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalStateException("the data file lacks " + key);
    }
    return value;
  }

  private List<String> words(String key) {
    String value = properties.getProperty(key, "").strip();
    return value.isEmpty() ? List.of() : List.of(value.split(" +"));
  }
}
