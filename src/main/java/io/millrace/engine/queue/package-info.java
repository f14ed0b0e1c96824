/**
 * The credit queue: bounded hand-over of items between instances on different event loops.
 *
 * <p>The event bus alone is no bounded queue: it drops silently once a paused consumer's buffer is full. So a receiver grants room, by
 * count and by bytes, and a sender without credit waits. A lane is one sender and one receiver. Its messages:
 *
 * <pre>
 * sender   HUNGRY(wanted, bytesHeld)  →  receiver     at most one open per lane
 * sender  ←  GRANT(items, bytes)         receiver     round-robin over hungry lanes
 * sender   CHUNK(seq, items, HUNGRY?)  →  receiver     full, or at the end of the loop turn; no linger timer
 * sender   RETURN(items, bytes)       →  receiver     credit that is of no use; only where there is too little room for reserves
 * </pre>
 *
 * <p>Invariant of a receiver: free + granted + in transit + held = capacity; bytes likewise, overdrawn by at most one item per lane. An edge
 * that closes a cycle sends without credit ({@link io.millrace.engine.queue.Outbox#force}): its items are subtracted from what is free, so
 * that nothing else is granted until they are worked off, and their bytes have a bound of their own.
 *
 * <p>Nothing here knows Vert.x: {@link io.millrace.engine.queue.Loop} and {@link io.millrace.engine.queue.Wire} are the seams at which a
 * simulator can stand. Everything is confined to one loop.
 */
@NullMarked
package io.millrace.engine.queue;

import org.jspecify.annotations.NullMarked;
