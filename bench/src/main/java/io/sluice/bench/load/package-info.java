/** Load generators, and what they measure. Knows nothing of which system answers. */
@NullMarked
package io.sluice.bench.load;

import org.jspecify.annotations.NullMarked;
