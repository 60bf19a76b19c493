/**
 * What was done and what came of it, and whether that is what was promised (docs/guarantees.md).
 * Knows no client: what it hears of is names, numbers and the moments of requests and answers.
 */
@NullMarked
package io.sluice.torture.history;

import org.jspecify.annotations.NullMarked;
