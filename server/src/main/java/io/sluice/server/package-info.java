/**
 * The house put together: configuration, the {@code serve} command that starts log, broker and
 * doors in order, and the admin port.
 *
 * <p>This package may depend on every other; none depends on it.
 */
@NullMarked
package io.sluice.server;

import org.jspecify.annotations.NullMarked;
