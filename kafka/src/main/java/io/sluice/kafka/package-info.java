@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
