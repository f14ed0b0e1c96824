/** What happens to one item: its place in the ack tree, its frame, its scope, and the steps compiled for it. */
@NullMarked
package io.millrace.engine.item;

import org.jspecify.annotations.NullMarked;
