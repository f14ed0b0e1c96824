package io.millrace.engine;

import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Flow;
import io.millrace.ledger.Ledger;
import io.vertx.core.Future;
import java.util.Optional;

/** Where the state of durable flows is kept, as the engine sees the store. */
public interface Ledgers {
    /** Stands for the server that comes with Millrace. */
    String EMBEDDED = "";

    /**
     * The database that a flow names for its state, if it names one.
     *
     * @throws io.millrace.flow.FlowException if its address is wrong now that it is asked for
     */
    static Optional<String> address(CheckedFlow flow) {
        return flow.store().map(name -> {
            Flow.ResourceDef named = flow.resource(name, FlowRun.shown());
            return named.type()
                    .database(named.settings(), variable -> flow.variables().get(variable))
                    .orElse(EMBEDDED);
        });
    }

    /** Connects when it is first asked for; the same one for all that ask. Fails, with a message for the user, if the store cannot be reached; the next call then tries again. */
    default Future<Ledger> ledger() {
        return ledger(Optional.empty());
    }

    /**
     * The same at an address that a flow names.
     *
     * @param address of a PostgreSQL database, or {@link #EMBEDDED}; none: the store of the program's settings
     */
    Future<Ledger> ledger(Optional<String> address);
}
