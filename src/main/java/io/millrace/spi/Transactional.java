package io.millrace.spi;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A sink whose rows can be written within a transaction of the store: they and the run's progress are kept together or not at all. Opened as any
 * sink is.
 */
public non-sealed interface Transactional extends Holding {
    /**
     * Whether it writes into the database that this transaction is in, with the same rights and into the same table: what is compared is the
     * database itself, not its address. To be asked after {@link #open}; where the answer is no, {@link #write(StoreTransaction, List,
     * BiConsumer)} must not be called, and the sink is like any other.
     */
    Future<Boolean> joins(StoreTransaction transaction);

    /**
     * Writes the rows, in their order; of those with equal keys the last wins, whichever roots they belong to. Rows that the server
     * refuses are singled out under savepoints and told to {@code refused}, by their index, before the future completes; the others
     * stand. Constraints are immediate when it has completed, so that COMMIT has nothing left to refuse.
     *
     * <p>May be called again with the same rows after the transaction was rolled back. A failed future concerns the whole transaction, which has
     * to be rolled back: with the client library's own exception where the server or the connection is at fault and another try may go
     * well (lost, away, deadlock, serialization), else with a {@link Failure} for people (a table that is gone, a right that is missing).
     */
    Future<Void> write(StoreTransaction transaction, List<Encoded> rows, BiConsumer<Integer, Failure> refused);
}
