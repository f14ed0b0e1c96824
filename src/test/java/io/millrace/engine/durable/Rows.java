package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Claimed;

/** Rows of queues as records of their own: what comes of one goes by its number. */
final class Rows {
    private static final String PREFIX = "q";

    private Rows() {}

    static String owner(long row) {
        return PREFIX + row;
    }

    static boolean isRow(String owner) {
        return owner.startsWith(PREFIX);
    }

    static long number(String owner) {
        return Long.parseLong(owner.substring(PREFIX.length()));
    }

    /** The row as it is worked on: with its own name, and no attempt yet. */
    static Claimed named(Claimed row) {
        ObjectNode document = row.document().deepCopy();
        document.remove("n");
        document.remove("records");
        String owner = owner(row.id());
        document.put("owner", owner).put("payload", Table.payload(owner));
        return new Claimed(row.id(), row.stage(), row.attempt(), row.bucket(), document, row.meta());
    }
}
