package io.sluice.broker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes filters of the attributes of sources, which mean nothing to the broker. Safe for use by
 * many threads.
 */
public interface RecordFilters {

  /** No source has a filter. */
  RecordFilters NONE =
      new RecordFilters() {
        @Override
        public Set<String> attributeNames() {
          return Set.of();
        }

        @Override
        public Optional<RecordFilter> filter(Map<String, String> attributes) {
          return Optional.empty();
        }
      };

  /** The attributes of a source that make its filter. */
  Set<String> attributeNames();

  /**
   * The filter that a source's attributes describe; empty when everything is let through. Called
   * for every source at every start, so it should do no more than it must.
   */
  Optional<RecordFilter> filter(Map<String, String> attributes);
}
