/**
 * The ledger on PostgreSQL: tables in a schema of their own, {@code millrace}, written over plain connections of pg-client.
 *
 * <p>Start with {@link io.millrace.store.ledger.PostgresLedger}; the essay on commits whose fate is unknown is in {@link
 * io.millrace.store.ledger.PostgresRun}.
 */
@NullMarked
package io.millrace.store.ledger;

import org.jspecify.annotations.NullMarked;
