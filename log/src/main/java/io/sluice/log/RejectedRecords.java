package io.sluice.log;

import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.storage.internals.log.RecordValidationException;

/**
 * What {@link PartitionLog#append} throws when single records of a batch are at fault: Kafka's
 * {@link InvalidRecordException} or {@link InvalidTimestampException} that can also name them
 * (KIP-467). Nothing of the batch was written. Immutable.
 */
public sealed interface RejectedRecords {

  /** The records at fault, in the order of the batch; never empty. */
  List<Fault> faults();

  /**
   * A record that was refused.
   *
   * @param index its position in the batch, from 0
   * @param message what is wrong with it
   */
  record Fault(int index, String message) {}

  /** Kafka's exception for the whole batch, which names its records where it knows them. */
  static ApiException of(RecordValidationException refused) {
    ApiException whole = refused.invalidException();
    List<Fault> faults =
        refused.recordErrors().stream()
            .map(error -> new Fault(error.batchIndex, error.message))
            .toList();
    return switch (whole) {
      case InvalidTimestampException timestamps -> new InvalidTimestamps(timestamps, faults);
      case InvalidRecordException records -> new InvalidRecords(records, faults);
      default -> whole;
    };
  }

  /** Records with a timestamp that the topic does not take. */
  final class InvalidTimestamps extends InvalidTimestampException implements RejectedRecords {

    private final transient List<Fault> faults;

    private InvalidTimestamps(InvalidTimestampException whole, List<Fault> faults) {
      super(whole.getMessage(), whole);
      this.faults = faults;
    }

    @Override
    public List<Fault> faults() {
      return faults;
    }
  }

  /** Records that are wrong in some other way, such as without a key in a compacted topic. */
  final class InvalidRecords extends InvalidRecordException implements RejectedRecords {

    private final transient List<Fault> faults;

    private InvalidRecords(InvalidRecordException whole, List<Fault> faults) {
      super(whole.getMessage(), whole);
      this.faults = faults;
    }

    @Override
    public List<Fault> faults() {
      return faults;
    }
  }
}
