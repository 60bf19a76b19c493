/**
 * {@code sluice torture}: ordinary clients work through every door at once while the broker is
 * killed and started again, and what was acknowledged is compared with what is there. Sees Sluice
 * from outside, as a process.
 */
@NullMarked
package io.sluice.torture;

import org.jspecify.annotations.NullMarked;
