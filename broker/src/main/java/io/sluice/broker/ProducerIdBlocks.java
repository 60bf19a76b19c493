package io.sluice.broker;

/**
 * Gives out producer ids that never repeat, also over a crash: a block at a time is reserved in the
 * metadata journal. Guarded by the metadata lock.
 */
final class ProducerIdBlocks {

  private static final int BLOCK = 1_000;

  private final Metadata metadata;
  private long next;
  private long reserved;

  ProducerIdBlocks(Metadata metadata) {
    this.metadata = metadata;
    this.next = metadata.state().nextProducerId();
    this.reserved = next;
  }

  long next() {
    return metadata.alone(
        () -> {
          if (next == reserved) {
            metadata.commit(new MetadataRecord.ProducerIds(reserved + BLOCK));
            reserved += BLOCK;
          }
          return next++;
        });
  }
}
