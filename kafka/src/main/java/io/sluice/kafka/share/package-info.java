/**
 * Share consumers (KIP-932): sessions, fetching with locks, acknowledgement. Who is in a group is
 * the group coordinator's business ({@link io.sluice.kafka.group}); what becomes of each record is
 * the broker's ({@link io.sluice.broker.subscription.SharedAccess}).
 */
@NullMarked
package io.sluice.kafka.share;

import org.jspecify.annotations.NullMarked;
