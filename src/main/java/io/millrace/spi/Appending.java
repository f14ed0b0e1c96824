package io.millrace.spi;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A sink into files that only grow. What is appended is on the disk before the transaction in which its length is kept; after a crash the files are
 * cut back to the lengths that were kept.
 *
 * <p>Order of calls: {@link #resume} in the place of {@link #open}; then for each commit {@link #append}, the store's commit with the
 * states that came of it, and {@link #committed} or {@link #rollback}; when nothing is left to do, and the store knows, {@link #seal}; at last
 * {@link #close}, which finishes nothing here, whatever its argument.
 */
public non-sealed interface Appending extends Holding {
    /**
     * Opens it, in the place of {@link #open}. Files that are known go on at their lengths: what lies behind is cut off. A file that is
     * missing or shorter, or does not end as it did, fails it with a message for people; so does a fixed path that cannot be written. A
     * complete file gets its name if it has not got it.
     *
     * @param committed the last state of each file that was kept for this sink; empty in a run that begins
     */
    Future<Void> resume(List<FileState> committed);

    /**
     * Appends the documents, forces them to the disk, and gives the state of every file that it touched. Those that cannot be written are
     * told to {@code refused}, by their index, before the future completes. May be called without documents: that completes files that are
     * old enough, and begins one at a fixed path; a run calls it once at least, so that a file without content is known as well.
     *
     * <p>A failed future: nothing was appended. One that is retryable (a full disk) may be tried again after a pause; any other ends the run, which
     * may be resumed.
     */
    Future<List<FileState>> append(List<Encoded> chunks, BiConsumer<Integer, Failure> refused);

    /** What was appended last is kept in the store. Complete files get their names. */
    Future<Void> committed();

    /** What was appended last is not kept in the store, and never will be: takes it back. A failure ends the run, which may be resumed. */
    Future<Void> rollback();

    /** The run is complete: all files get their names. Idempotent, also in another process after {@link #resume}. */
    Future<Void> seal();

    /** How often {@link #append} has to be called though nothing is to be written; empty: never. */
    Optional<Duration> ageing();
}
