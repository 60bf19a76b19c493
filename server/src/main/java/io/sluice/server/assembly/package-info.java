/**
 * The last step of the build: what {@code ./sluice} runs, put together in one folder. Depends on
 * nothing but the JDK, and on the command line only as a process that it starts.
 */
@NullMarked
package io.sluice.server.assembly;

import org.jspecify.annotations.NullMarked;
