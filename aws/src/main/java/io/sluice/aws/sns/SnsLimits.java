package io.sluice.aws.sns;

import java.time.Duration;

/**
 * SNS's limits: Amazon's "Amazon SNS endpoints and quotas" and the API reference of the action in
 * question.
 */
final class SnsLimits {

  /** The longest topic name. */
  static final int TOPIC_NAME_LENGTH = 256;

  /** The largest message, attributes included, and the largest batch. */
  static final int MESSAGE_BYTES = 262_144;

  /** The longest subject. */
  static final int SUBJECT_LENGTH = 100;

  /** The longest {@code DisplayName}. */
  static final int DISPLAY_NAME_LENGTH = 100;

  /** The largest policy: 30 KiB. */
  static final int POLICY_LENGTH = 30_720;

  /** The longest retention of an archive, in days. */
  static final int ARCHIVE_DAYS = 365;

  /** The longest {@code MessageGroupId}. */
  static final int GROUP_ID_LENGTH = 128;

  /** Entries in a batch. */
  static final int BATCH_ENTRIES = 10;

  /** The longest id of a batch entry. */
  static final int BATCH_ENTRY_ID_LENGTH = 80;

  /** Topics or subscriptions on a page. */
  static final int PAGE = 100;

  /** Tags of a topic. */
  static final int TAGS = 50;

  /** The longest tag key. */
  static final int TAG_KEY_LENGTH = 128;

  /** The longest tag value. */
  static final int TAG_VALUE_LENGTH = 256;

  /** How long an endpoint may take to confirm: tokens are valid for two days ("Subscribe"). */
  static final Duration TOKEN_VALIDITY = Duration.ofDays(2);

  /** Subscriptions that wait for their confirmation. */
  static final int PENDING_SUBSCRIPTIONS = 5_000;

  /** The longest URL of an endpoint; ours, Amazon names none. */
  static final int ENDPOINT_LENGTH = 2_048;

  /** Messages that are being posted to one endpoint at once; ours. To one that fails: one. */
  static final int HTTP_DELIVERIES_PER_SUBSCRIPTION = 10;

  /** Messages that are being posted at once to all endpoints; ours. */
  static final int HTTP_DELIVERIES = 100;

  /** Endpoints that are being asked at once whether they want messages; ours. */
  static final int HTTP_CONFIRMATIONS = 100;

  /** How much of an endpoint's answer is read; ours. */
  static final int HTTP_RESPONSE_BYTES = 65_536;

  /** Top-level keys of a filter policy. */
  static final int FILTER_POLICY_KEYS = 5;

  /** Combinations of values in a filter policy. */
  static final int FILTER_POLICY_COMBINATIONS = 150;

  /** The largest filter policy. */
  static final int FILTER_POLICY_BYTES = 262_144;

  /**
   * How many beginnings of wildcards in a filter policy one value may match at once. Amazon does
   * not say; it was seen to take four wildcards of the form {@code *X*}, and to refuse five.
   */
  static final int FILTER_POLICY_WILDCARDS = 15;

  private SnsLimits() {}
}
