/**
 * How records travel as messages: one each, readable by anybody, or many in one. Depends on
 * kafka-clients only; knows no service.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client.message;
