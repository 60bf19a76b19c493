package io.sluice.aws;

import io.sluice.aws.ValueType.Listing;
import io.sluice.aws.ValueType.Mapping;
import io.sluice.aws.ValueType.Scalar;
import io.sluice.aws.ValueType.Structure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the first required member that a request lacks, and says so in the service's own words. */
enum RequiredMembers {
  /** Amazon SQS, named as a client of the JSON protocol wrote it. */
  BY_NAME("", "") {
    @Override
    String nameOf(Member member) {
      return member.name().getValue();
    }
  },

  /** Amazon SQS, named as a client of the Query protocol wrote it. */
  BY_QUERY_NAME("", "") {
    @Override
    String nameOf(Member member) {
      return member.queryName();
    }
  },

  /** What most services say, Amazon SNS and AWS STS among them. */
  AS_CONSTRAINT(".member", ".member") {
    @Override
    String nameOf(Member member) {
      String name = member.name().getValue();
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
  };

  private static final String VALIDATION_ERROR = "ValidationError";

  private final String afterIndex;
  private final String afterKey;

  RequiredMembers(String afterIndex, String afterKey) {
    this.afterIndex = afterIndex;
    this.afterKey = afterKey;
  }

  /**
   * Checks a request.
   *
   * @throws WireError.RequestRejected a required member is missing
   */
  static void check(Operation operation, Object request, boolean isQuery) {
    ServiceModel model = operation.service().model();
    String code = model.missingCode();
    boolean constraint = code.equals(VALIDATION_ERROR);
    RequiredMembers style = constraint ? AS_CONSTRAINT : isQuery ? BY_QUERY_NAME : BY_NAME;
    String missing = style.missingIn(operation.request(), request);
    if (missing != null) {
      throw model.unmodelled(code, 400).withMessage(message(constraint, missing)).rejection();
    }
  }

  private static String message(boolean constraint, String missing) {
    return constraint
        ? "1 validation error detected: Value null at '"
            + missing
            + "' failed to satisfy constraint: Member must not be null"
        : "The request must contain the parameter " + missing + ".";
  }

  abstract String nameOf(Member member);

  private @Nullable String missingIn(Shape shape, Object pojo) {
    for (Member member : shape.members()) {
      Object value = member.valueIn(pojo);
      if (value == null || (member.nonEmpty() && value.equals(""))) {
        if (member.required()) {
          return nameOf(member);
        }
      } else {
        String inner = missingInValue(member.type(), value);
        if (inner != null) {
          return nameOf(member) + inner;
        }
      }
    }
    return null;
  }

  private @Nullable String missingInValue(ValueType type, Object value) {
    return switch (type) {
      case Scalar scalar -> null;
      case Structure structure -> {
        String inner = missingIn(structure.shape().get(), value);
        yield inner == null ? null : "." + inner;
      }
      case Listing listing -> missingInList(listing, (List<?>) value);
      case Mapping mapping -> missingInMap(mapping, (Map<?, ?>) value);
    };
  }

  private @Nullable String missingInList(Listing listing, List<?> elements) {
    for (int i = 0; i < elements.size(); i++) {
      String inner = missingInValue(listing.element(), elements.get(i));
      if (inner != null) {
        return "." + (i + 1) + afterIndex + inner;
      }
    }
    return null;
  }

  private @Nullable String missingInMap(Mapping mapping, Map<?, ?> entries) {
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      String inner = missingInValue(mapping.value(), entry.getValue());
      if (inner != null) {
        return "." + entry.getKey() + afterKey + inner;
      }
    }
    return null;
  }
}
