/** In the package of the codecs, which are nobody else's business, to time them alone. */
@NullMarked
package io.sluice.aws;

import org.jspecify.annotations.NullMarked;
