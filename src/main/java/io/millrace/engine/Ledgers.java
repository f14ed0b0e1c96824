package io.millrace.engine;

import io.millrace.ledger.Ledger;
import io.vertx.core.Future;

/** Where the state of durable flows is kept, as the engine sees the store. */
public interface Ledgers {
    /** Connects when it is first asked for; the same one for all that ask. Fails, with a message for the user, if the store cannot be reached; the next call then tries again. */
    Future<Ledger> ledger();
}
