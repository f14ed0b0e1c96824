package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the documents of one file as bytes, each up to the end of a line. */
@FunctionalInterface
interface Encoder {
    /**
     * Adds one document. Throws a failure if it cannot be written; what it has added by then is cut off.
     *
     * @param atStart whether the file is empty so far
     */
    void add(ObjectNode document, Variables variables, Bytes into, boolean atStart) throws IOException;

    /** What a file starts with whatever its documents. */
    default void addHead(Bytes into) throws IOException {}

    /** Learns from a file that is appended to. */
    default void resume(Path existing) throws IOException {}
}
