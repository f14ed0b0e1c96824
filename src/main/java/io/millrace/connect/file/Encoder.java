package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

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

    /** Learns from a file that is appended to, and closes it. */
    default void resume(InputStream existing) throws IOException {
        existing.close();
    }

    /** Why a file of it could not be gone on with by another process; empty if it can. */
    default Optional<String> cannotGoOn() {
        return Optional.empty();
    }

    /** Whether what it writes hangs on what the file holds: the fields of its first document, say. */
    default boolean looksBack() {
        return false;
    }
}
