package io.millrace.ledger;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/**
 * Where runs are kept that survive their process: how far their sources were read, how long their files are, what failed. One object for each process
 * and store; any thread.
 *
 * <p>It writes a heartbeat every 10 s. A process that was silent for 30 s by the store's clock, or that is known to have ended, is dead: its runs may
 * be taken over, and whatever it still sends changes nothing. Living processes look for dead ones every few seconds: what those had claimed or leased is free again
 * within 35 s.
 */
public interface Ledger {
    /** Names the store for good; a sink whose database holds the same id can join its transactions. */
    UUID storeId();

    /** Names this machine, as file marks do. */
    String host();

    /**
     * Finds the newest run of this flow with these params, or begins one. Fails if the store cannot be reached: once opened, a run waits for it.
     *
     * @param presence is told when the store goes away and comes back
     */
    Future<Opened> open(RunRequest request, Presence presence);

    /** All runs, the newest first. */
    Future<List<RunSummary>> runs();

    /** Dead letters of a run, the oldest first, at most {@code limit} with ids above {@code after}. */
    Future<List<KeptLetter>> deadLetters(long run, long after, int limit);

    /** Throws dead letters away; yields how many there were. */
    Future<Integer> drop(List<Long> letters);

    /**
     * Sends dead letters back to the queues of the stages where they failed, whatever is unique there; yields how many there were. A letter is sent back once.
     * A run that was finished is unfinished again; a cancelled one keeps its letters.
     */
    Future<Integer> replay(List<Long> letters);

    /**
     * Ends an unfinished run for good, whoever works on it: what those still send changes nothing. Yields whether there was one to end.
     *
     * @param exitCode that the run then has
     */
    Future<Boolean> cancel(long run, int exitCode);

    /** Where all unfinished runs stand, the newest first. As of one moment; cheap enough for once a second or so. */
    Future<List<RunWork>> work();

    /** Who lives, and who runs what; the oldest first. */
    Future<List<Member>> members();

    /** Stops the heartbeat and gives up connections. Runs that are still open are left as if the process had died. */
    Future<Void> close();
}
