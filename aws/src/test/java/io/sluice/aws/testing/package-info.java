/** What the tests of the services share. */
@NullMarked
package io.sluice.aws.testing;

import org.jspecify.annotations.NullMarked;
