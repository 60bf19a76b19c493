package io.sluice.kafka.share;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Who shares in a group's records. */
record ShareMember(String group, String id) {

  /** As long as a UUID in its human form: whatever is longer is no member's id. */
  private static final int MAX_ID = 36;

  /**
   * The member that a request names.
   *
   * @throws InvalidRequestException it names none
   */
  static ShareMember of(@Nullable String group, @Nullable String id) {
    if (group == null) {
      throw new InvalidRequestException("Invalid group id in the request.");
    }
    if (id == null || id.isEmpty() || id.length() > MAX_ID) {
      throw new InvalidRequestException("Invalid member id in the request.");
    }
    return new ShareMember(group, id);
  }

  /** Under which number the member holds records; the same after a restart. */
  long owner() {
    UUID hash = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    return Math.max(1, hash.getLeastSignificantBits() & Long.MAX_VALUE);
  }
}
