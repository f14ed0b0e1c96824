package io.millrace.cli;

import io.millrace.engine.Engine;
import io.millrace.ledger.Ledger;
import io.vertx.core.Future;

/** The machinery that runs flows, open. */
public interface Works {
    Engine engine();

    /** The store of durable flows; connected to when first asked for. */
    Future<Ledger> ledger();

    /** Stops event loops and servers. */
    Future<Void> close();
}
