package io.millrace.cli;

import io.millrace.engine.Engine;
import io.millrace.ledger.Ledger;
import io.vertx.core.Future;
import java.util.Optional;

/** The machinery that runs flows, open. */
public interface Works {
    Engine engine();

    /**
     * The store of durable flows; connected to when first asked for.
     *
     * @param address that a flow names, see {@link io.millrace.engine.Ledgers#ledger(Optional)}; none: that of the settings
     */
    Future<Ledger> ledger(Optional<String> address);

    /** Stops event loops and servers. */
    Future<Void> close();
}
