/**
 * What ordinary clients do to the broker, through every door at once, and tell the histories. Knows
 * nothing of when the broker is killed.
 */
@NullMarked
package io.sluice.torture.work;

import org.jspecify.annotations.NullMarked;
