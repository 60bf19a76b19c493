package io.sluice.aws;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * Compiles the shapes of one service from the SDK's metadata and the service's data file, each on
 * first use. Safe for use by many threads.
 */
final class Shapes {

  private final ServiceModel model;
  private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

  Shapes(ServiceModel model) {
    this.model = model;
  }

  /** The shape of what {@code builder} builds. */
  Shape of(Supplier<? extends SdkPojo> builder) {
    SdkPojo sample = builder.get();
    Shape known = shapes.get(sample.getClass());
    if (known != null) {
      return known;
    }
    Shape compiled = new Shape(builder, members(structureName(sample.getClass()), sample));
    Shape other = shapes.putIfAbsent(sample.getClass(), compiled);
    return other == null ? compiled : other;
  }

  private List<Member> members(String structure, SdkPojo sample) {
    List<String> required = model.required(structure);
    List<Member> members = new ArrayList<>();
    for (SdkField<?> field : sample.sdkFields()) {
      String name = field.locationName();
      ServiceModel.QueryName queryName = model.queryName(structure, field.memberName());
      boolean nonEmpty = required.contains(name + "+");
      members.add(
          new Member(
              field,
              new SerializedString(name),
              queryName == null ? name : queryName.name(),
              typeOf(field, queryName),
              nonEmpty || required.contains(name),
              nonEmpty));
    }
    return members;
  }

  private ValueType typeOf(SdkField<?> field, ServiceModel.@Nullable QueryName names) {
    return switch (field.marshallingType().getKnownType()) {
      case LIST -> listing(field.getRequiredTrait(ListTrait.class));
      case MAP -> mapping(field.getRequiredTrait(MapTrait.class), names);
      case SDK_POJO -> structure(field.constructor());
      case STRING -> ValueType.Scalar.STRING;
      case SHORT -> ValueType.Scalar.SHORT;
      case INTEGER -> ValueType.Scalar.INTEGER;
      case LONG -> ValueType.Scalar.LONG;
      case FLOAT -> ValueType.Scalar.FLOAT;
      case DOUBLE -> ValueType.Scalar.DOUBLE;
      case BIG_DECIMAL -> ValueType.Scalar.BIG_DECIMAL;
      case BOOLEAN -> ValueType.Scalar.BOOLEAN;
      case INSTANT -> ValueType.Scalar.INSTANT;
      case SDK_BYTES -> ValueType.Scalar.BYTES;
      case MarshallingKnownType other ->
          throw new IllegalArgumentException(
              "member " + field.memberName() + " is of type " + other);
    };
  }

  private ValueType listing(ListTrait list) {
    String element = list.memberLocationName();
    return new ValueType.Listing(
        typeOf(list.memberFieldInfo(), null),
        element == null ? "member" : element,
        list.isFlattened());
  }

  private ValueType mapping(MapTrait map, ServiceModel.@Nullable QueryName names) {
    return new ValueType.Mapping(
        typeOf(map.valueFieldInfo(), null),
        names == null ? map.keyLocationName() : names.key().orElse(map.keyLocationName()),
        names == null ? map.valueLocationName() : names.value().orElse(map.valueLocationName()),
        map.isFlattened());
  }

  private ValueType structure(Supplier<SdkPojo> builder) {
    return new ValueType.Structure(new LazyShape(builder));
  }

  /** The builder of a structure is a class nested in it. */
  private static String structureName(Class<?> builder) {
    Class<?> enclosing = builder.getEnclosingClass();
    return (enclosing == null ? builder : enclosing).getSimpleName();
  }

  /** Remembers the shape, so that a nested structure costs no look-up per value. */
  private final class LazyShape implements Supplier<Shape> {
    private final Supplier<SdkPojo> builder;
    private volatile @Nullable Shape shape;

    LazyShape(Supplier<SdkPojo> builder) {
      this.builder = builder;
    }

    @Override
    public Shape get() {
      Shape known = shape;
      if (known == null) {
        known = of(builder);
        shape = known;
      }
      return known;
    }
  }
}
