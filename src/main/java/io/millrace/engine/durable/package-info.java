/**
 * What makes a run durable: roots are held until they are complete, one committer keeps what has become of them together with the progress of
 * their sources, and a later process goes on from there. Knows the store by {@link io.millrace.ledger} alone, and of Vert.x its futures.
 */
@NullMarked
package io.millrace.engine.durable;

import org.jspecify.annotations.NullMarked;
