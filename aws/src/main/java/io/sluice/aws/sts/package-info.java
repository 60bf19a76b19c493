/**
 * AWS STS, as far as it makes sense without accounts: who am I. It may depend on {@code
 * io.sluice.aws} and the AWS SDK, and knows nothing of the broker.
 */
@NullMarked
package io.sluice.aws.sts;

import org.jspecify.annotations.NullMarked;
