/**
 * Sluice for tests of JUnit Jupiter: a broker per test class, and its clients as parameters.
 *
 * <p>It may depend on {@code io.sluice.embedded} and on JUnit's API, and knows nothing of what is
 * behind them.
 */
@NullMarked
package io.sluice.junit;

import org.jspecify.annotations.NullMarked;
