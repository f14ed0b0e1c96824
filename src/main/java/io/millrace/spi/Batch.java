package io.millrace.spi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Documents on their way into a sink. */
public interface Batch {
    /** The documents, in the order in which they came. */
    List<ObjectNode> documents();

    /** What templates see for the document at the index, as {@code $meta}. */
    Variables variables(int index);

    /** The document at the index cannot be written: it becomes a dead letter, the others go on. */
    void reject(int index, Failure failure);
}
