package io.sluice.aws.sqs;

/**
 * Which of Amazon's rules of 60 seconds a broker imposes.
 *
 * @param nameRule whether the name of a deleted queue must rest before a queue may have it again
 *     (Amazon's "DeleteQueue")
 * @param purgeRule whether a queue must rest between two purges (Amazon's "PurgeQueue")
 */
public record SqsOptions(boolean nameRule, boolean purgeRule) {

  /** A queue can be created again at once, and purged once a minute. */
  public static final SqsOptions DEFAULTS = new SqsOptions(false, true);
}
