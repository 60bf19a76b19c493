/**
 * The time: what the wall's clock says, how it passes, and what is believed of it before something
 * is deleted.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.log.clock;
