package io.millrace.connect.file;

/** What becomes of a file that is there already. */
enum Mode {
    /** The new one takes its place at the end. */
    REPLACE,
    /** What is written goes behind what it holds. */
    APPEND,
    /** It is an error. */
    NEW
}
