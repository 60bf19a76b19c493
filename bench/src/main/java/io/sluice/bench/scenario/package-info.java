/** What is measured: one class per name that {@code sluice bench} takes. */
@NullMarked
package io.sluice.bench.scenario;

import org.jspecify.annotations.NullMarked;
