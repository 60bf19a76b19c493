/**
 * The systems under test as processes: where they come from, how they are started with their own
 * defaults, what they cost. Knows nothing of loads.
 */
@NullMarked
package io.sluice.bench.system;

import org.jspecify.annotations.NullMarked;
