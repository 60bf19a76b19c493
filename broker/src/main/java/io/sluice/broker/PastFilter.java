package io.sluice.broker;

import java.util.List;
import java.util.SortedMap;

/**
 * A filter that a source had once, and still has for what was published then. Immutable.
 *
 * @param attributes those of the source's attributes that made the filter; empty for none
 * @param ends by partition: the filter judges the records below these offsets, but for those that
 *     an earlier one judges
 */
record PastFilter(SortedMap<String, String> attributes, List<Long> ends) {}
