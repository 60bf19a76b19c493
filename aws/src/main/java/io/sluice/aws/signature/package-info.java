/**
 * How SNS signs what it sends, so that a receiver can tell that it was this broker (Amazon's
 * "Verifying the signatures of Amazon SNS messages").
 *
 * <p>{@link io.sluice.aws.signature.MessageSigner} has the key, {@link
 * io.sluice.aws.signature.StringToSign} the text that is signed. It depends on nothing but the JDK,
 * whose {@code java.security} does the cryptography; it knows no topic, no message and no HTTP.
 */
@NullMarked
package io.sluice.aws.signature;

import org.jspecify.annotations.NullMarked;
