package io.millrace.spi;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A sink that can be part of a commit. In a durable run nothing is given to {@link Sink#write}: a document is encoded as soon as it reaches
 * the sink, held with its root, and written by the run's committer when the root is complete.
 *
 * <p>{@link #encode} is called on any event loop, at the same time on several. All else is called by the committer alone, one call at a time.
 */
public sealed interface Holding extends Sink permits Transactional, Appending {
    /**
     * The document as it will be written. Does not block, and touches neither server nor file; the document must not be changed afterwards.
     *
     * @param variables what templates see, as {@code $meta}
     * @throws Failure if it cannot be written whatever else there is: that item alone is bad
     */
    Encoded encode(ObjectNode document, Variables variables);
}
