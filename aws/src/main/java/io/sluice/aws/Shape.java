package io.sluice.aws;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/** How a class of the SDK looks on the wire: its members by name. Immutable. */
final class Shape {

  private final Supplier<? extends SdkPojo> builder;
  private final Member[] members;
  private final Map<String, Member> byName = new HashMap<>();
  private final Map<String, Member> byQueryName = new LinkedHashMap<>();

  Shape(Supplier<? extends SdkPojo> builder, Collection<Member> members) {
    this.builder = builder;
    this.members = members.toArray(Member[]::new);
    for (Member member : members) {
      byName.put(member.name().getValue(), member);
      byQueryName.putIfAbsent(member.queryName(), member);
    }
    // A client that uses the newer name in the older protocol is understood too.
    byName.forEach(byQueryName::putIfAbsent);
  }

  /** In the model's order. Not to be changed. */
  Member[] members() {
    return members;
  }

  @Nullable Member member(String name) {
    return byName.get(name);
  }

  /** Every name that the Query protocol knows, with the member it stands for. */
  Map<String, Member> queryMembers() {
    return byQueryName;
  }

  SdkPojo newBuilder() {
    return builder.get();
  }

  static SdkPojo build(SdkPojo builder) {
    return (SdkPojo) ((Buildable) builder).build();
  }
}
