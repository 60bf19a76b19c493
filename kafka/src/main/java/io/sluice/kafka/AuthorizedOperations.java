package io.sluice.kafka;

import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/** What anyone may do where there are no ACLs (KIP-430), as Kafka's AclEntry. */
public final class AuthorizedOperations {

  /** With a topic. */
  static final int TOPIC =
      bits(
          Set.of(
              AclOperation.READ,
              AclOperation.WRITE,
              AclOperation.CREATE,
              AclOperation.DESCRIBE,
              AclOperation.DELETE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS));

  /** With a group. */
  public static final int GROUP =
      bits(
          Set.of(
              AclOperation.READ,
              AclOperation.DESCRIBE,
              AclOperation.DELETE,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS));

  /** With the cluster. */
  static final int CLUSTER =
      bits(
          Set.of(
              AclOperation.CREATE,
              AclOperation.CLUSTER_ACTION,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS,
              AclOperation.IDEMPOTENT_WRITE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE));

  private AuthorizedOperations() {}

  /**
   * Says what the asker may do with each group that was found, if he asked for it.
   *
   * @param set where it goes
   * @return the same groups
   */
  public static <G> List<G> ofGroups(
      List<G> groups, boolean wanted, ToIntFunction<G> errorCode, ObjIntConsumer<G> set) {
    if (wanted) {
      groups.stream()
          .filter(group -> errorCode.applyAsInt(group) == 0)
          .forEach(group -> set.accept(group, GROUP));
    }
    return groups;
  }

  private static int bits(Set<AclOperation> operations) {
    return Utils.to32BitField(
        operations.stream().map(AclOperation::code).collect(Collectors.toSet()));
  }
}
