/**
 * Tests from outside: unmodified third-party clients against a real Sluice process, and the rules
 * that hold the house together.
 *
 * <p>Nothing here touches the broker's classes but to start them as a process and to check the
 * arrows between the modules.
 */
@NullMarked
package io.sluice.e2e;

import org.jspecify.annotations.NullMarked;
