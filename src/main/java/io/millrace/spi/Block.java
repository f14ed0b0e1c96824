package io.millrace.spi;

/** A list of steps, read and checked; {@link Assembly#compile} makes it a {@link Step}. */
public interface Block {
    /** How many steps it has. */
    int size();

    /** Whether a {@code filter} may end the coroutine that runs a block. */
    enum Filter {
        /** As in the block around it: the steps run on the same document ({@code do}, {@code switch}, {@code repeat}). */
        AS_AROUND,
        /** Yes: the component says what an ended run means ({@code each} leaves the element out). */
        ALLOWED,
        /** No: a value is expected ({@code gather}, {@code race}, {@code call}, {@code cache}, {@code lock}). */
        REFUSED
    }
}
