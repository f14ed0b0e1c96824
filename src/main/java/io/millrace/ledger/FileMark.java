package io.millrace.ledger;

/**
 * A file that a sink writes: what of it counts.
 *
 * @param stage whose sink writes it
 * @param host the machine on which it lies
 * @param length bytes that were on the disk for good before the commit
 * @param crc of its tail, as the sink reckons it
 */
public record FileMark(String stage, String path, String host, long length, int crc, State state) {
    /** A file's life. */
    public enum State {
        /** It still grows, under a name of its own. */
        PART,
        /** It is complete and is to bear its name. */
        DONE,
        /** It bears its name, as the run had come to its end. */
        SEALED
    }
}
