package io.sluice.aws.sqs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/** The rules that every batch action shares. */
final class Batches {

  private Batches() {}

  /**
   * Checks number and ids of a batch's entries.
   *
   * @param entryName Amazon's name for an entry, for the error
   * @throws AwsServiceException a rule is broken; nothing of the batch is done then
   */
  static <E> void check(String entryName, List<E> entries, Function<E, String> id) {
    if (entries.isEmpty()) {
      throw SqsErrors.emptyBatch(entryName);
    }
    if (entries.size() > SqsLimits.BATCH_ENTRIES) {
      throw SqsErrors.tooManyEntries(entries.size());
    }
    Set<String> ids = HashSet.newHashSet(entries.size());
    for (E entry : entries) {
      String entryId = id.apply(entry);
      if (!isLegalId(entryId)) {
        throw SqsErrors.invalidBatchEntryId();
      }
      if (!ids.add(entryId)) {
        throw SqsErrors.entryIdsNotDistinct(entryId);
      }
    }
  }

  /** The result of an entry that failed. */
  static BatchResultErrorEntry failure(String id, AwsServiceException error) {
    return BatchResultErrorEntry.builder()
        .id(id)
        .code(error.awsErrorDetails().errorCode())
        .message(error.awsErrorDetails().errorMessage())
        .senderFault(error.statusCode() < 500)
        .build();
  }

  private static boolean isLegalId(String id) {
    return id != null
        && !id.isEmpty()
        && id.length() <= SqsLimits.BATCH_ENTRY_ID_LENGTH
        && id.chars().allMatch(Batches::isIdCharacter);
  }

  private static boolean isIdCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
