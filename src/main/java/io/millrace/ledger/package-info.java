/**
 * What a durable run keeps, and on what terms. The contract between the engine, which decides what is to be kept, and the store, which keeps it: both may
 * import this room, and neither the other.
 */
@NullMarked
package io.millrace.ledger;

import org.jspecify.annotations.NullMarked;
