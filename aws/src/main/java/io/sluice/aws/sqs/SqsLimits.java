package io.sluice.aws.sqs;

import java.time.Duration;

/**
 * SQS's limits: Amazon's "Amazon SQS message quotas", "Amazon SQS standard queue quotas" and the
 * API reference of the action in question.
 */
final class SqsLimits {

  /** The longest queue name. */
  static final int QUEUE_NAME_LENGTH = 80;

  /** The largest message, attributes included, and the largest batch. */
  static final int MESSAGE_BYTES = 1_048_576;

  /** The smallest {@code MaximumMessageSize}. */
  static final int MIN_MAXIMUM_MESSAGE_SIZE = 1_024;

  /**
   * How much a record may be larger than its message: Amazon counts neither the group id (128
   * bytes) nor the trace header, and data types (10 of 256) are written with their names (256).
   */
  static final int RECORD_OVERHEAD_BYTES = 16 * 1_024;

  /** Message attributes per message. */
  static final int MESSAGE_ATTRIBUTES = 10;

  /** The longest {@code AWSTraceHeader}; AWS X-Ray's own headers are far shorter. */
  static final int TRACE_HEADER_LENGTH = 2_048;

  /** The longest {@code MessageGroupId}. */
  static final int GROUP_ID_LENGTH = 128;

  /** Entries in a batch, and messages in a receive. */
  static final int BATCH_ENTRIES = 10;

  /** The longest id of a batch entry. */
  static final int BATCH_ENTRY_ID_LENGTH = 80;

  /** The longest delay of a message, in seconds. */
  static final int DELAY_SECONDS = 900;

  /** The longest wait of a receive, in seconds. */
  static final int WAIT_TIME_SECONDS = 20;

  /** The longest visibility timeout, in seconds: 12 hours. */
  static final int VISIBILITY_TIMEOUT_SECONDS = 43_200;

  /** The shortest retention, in seconds. */
  static final int MIN_RETENTION_SECONDS = 60;

  /** The longest retention, in seconds: 14 days. */
  static final int MAX_RETENTION_SECONDS = 1_209_600;

  /** The shortest {@code KmsDataKeyReusePeriodSeconds}. */
  static final int MIN_KEY_REUSE_SECONDS = 60;

  /** The longest {@code KmsDataKeyReusePeriodSeconds}. */
  static final int MAX_KEY_REUSE_SECONDS = 86_400;

  /** Messages in flight in a standard queue. */
  static final int IN_FLIGHT = 120_000;

  /** Queues on a page of ListQueues. */
  static final int LIST_RESULTS = 1_000;

  /** Tags of a queue. */
  static final int TAGS = 50;

  /** The longest tag key. */
  static final int TAG_KEY_LENGTH = 128;

  /** The longest tag value. */
  static final int TAG_VALUE_LENGTH = 256;

  /** Bytes of a policy (Amazon's "Amazon SQS policy quotas", and so the next four). */
  static final int POLICY_BYTES = 8_192;

  /** Of {@code KmsMasterKeyId}, in characters (KMS, "KeyId"). */
  static final int KMS_KEY_LENGTH = 2_048;

  /** Statements of a policy. */
  static final int POLICY_STATEMENTS = 20;

  /** Accounts that a statement names. */
  static final int POLICY_PRINCIPALS = 50;

  /** Actions of a statement. */
  static final int STATEMENT_ACTIONS = 7;

  /** The longest label of a permission. */
  static final int LABEL_LENGTH = 80;

  /** The greatest {@code maxReceiveCount}. */
  static final int MAX_RECEIVE_COUNT = 1_000;

  /** Queues that a {@code RedriveAllowPolicy} names. */
  static final int REDRIVE_SOURCES = 10;

  /** Messages that a move task moves in a second, where its caller says how many. */
  static final int MOVES_PER_SECOND = 500;

  /** Move tasks that are listed. */
  static final int LISTED_MOVE_TASKS = 10;

  /** Between two purges of a queue. */
  static final Duration PURGE_INTERVAL = Duration.ofSeconds(60);

  /** Between a queue's deletion and the creation of another of its name. */
  static final Duration NAME_REST = Duration.ofSeconds(60);

  /** Names of deleted queues that are remembered; as many as there may be queues. */
  static final int DELETED_NAMES = 100_000;

  private SqsLimits() {}
}
