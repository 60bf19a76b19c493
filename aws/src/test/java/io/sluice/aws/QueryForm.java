package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import software.amazon.awssdk.core.SdkBytes;

/** A request of the SDK as a form of the Query protocol, as older SDKs send it. */
final class QueryForm {

  private final StringJoiner form = new StringJoiner("&");

  private QueryForm() {}

  static String of(Operation operation, Object request) {
    QueryForm form = new QueryForm();
    form.add("Action", operation.name());
    form.members("", operation.request(), request);
    return form.form.toString();
  }

  private void members(String prefix, Shape shape, Object pojo) {
    for (Member member : shape.members()) {
      Object value = member.valueIn(pojo);
      if (value != null) {
        value(prefix + member.queryName(), member.type(), value);
      }
    }
  }

  private void value(String name, ValueType type, Object value) {
    switch (type) {
      case ValueType.Scalar scalar ->
          add(name, value instanceof SdkBytes bytes ? Base64Text.encode(bytes) : value.toString());
      case ValueType.Structure structure -> members(name + ".", structure.shape().get(), value);
      case ValueType.Listing listing -> {
        int index = 1;
        for (Object element : (List<?>) value) {
          value(name + "." + index++, listing.element(), element);
        }
      }
      case ValueType.Mapping mapping -> {
        int index = 1;
        for (Map.Entry<?, ?> entry : new ArrayList<>(((Map<?, ?>) value).entrySet())) {
          String item = name + "." + index++ + ".";
          add(item + mapping.keyName(), (String) entry.getKey());
          value(item + mapping.valueName(), mapping.value(), entry.getValue());
        }
      }
    }
  }

  private void add(String name, String value) {
    form.add(URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8));
  }
}
