/** One stage instance on its loop: slots, order, rate, routes, sink batches, groups; and the feed of a source. Free of Vert.x but for futures. */
@NullMarked
package io.millrace.engine.stage;

import org.jspecify.annotations.NullMarked;
