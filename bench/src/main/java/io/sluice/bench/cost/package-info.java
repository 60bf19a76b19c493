/**
 * What an application pays Amazon for: requests that are counted, prices that are read from a dated
 * file, and their product. Sees the {@code client} library from outside, through the AWS SDK's
 * clients that it is given; knows no scenario.
 */
@NullMarked
package io.sluice.bench.cost;

import org.jspecify.annotations.NullMarked;
