/**
 * Single parts of Sluice alone, by JMH: where a change to a hot path shows first. The scenario
 * {@code micro} runs them, with those that must live in the package of what they time.
 */
@NullMarked
package io.sluice.bench.micro;

import org.jspecify.annotations.NullMarked;
