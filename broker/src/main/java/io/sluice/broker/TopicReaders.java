package io.sluice.broker;

import java.util.List;

/** Who reads topics from the log itself, and is part of the decision that one is deleted. */
interface TopicReaders {

  /** What is of one decision with a deletion, and what follows, which must not fail. */
  record Farewell(List<MetadataRecord> records, Runnable afterwards) {}

  /** What becomes of its readers; called under the metadata lock, changes nothing. */
  Farewell farewell(Topic topic);
}
