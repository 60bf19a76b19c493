package io.sluice.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/** The JSON library, bounded: what a document may contain, and how many buffers are kept. */
final class Json {

  /** Amazon's deepest request nests seven levels. */
  private static final int MAX_DEPTH = 64;

  /** Longer than any member or attribute name. */
  private static final int MAX_NAME_LENGTH = 4_096;

  /** Requests are short, so a few buffers serve many connections. */
  private static final int MAX_POOLED_BUFFERS = 64;

  static final JsonFactory FACTORY =
      ((JsonFactoryBuilder) JsonFactory.builder())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .recyclerPool(JsonRecyclerPools.newBoundedPool(MAX_POOLED_BUFFERS))
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .maxStringLength(HttpLimits.MAX_BODY_BYTES)
                  .maxDocumentLength(HttpLimits.MAX_BODY_BYTES)
                  .build())
          .build();

  private Json() {}
}
