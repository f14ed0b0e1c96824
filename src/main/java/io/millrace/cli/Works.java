package io.millrace.cli;

import io.millrace.engine.Engine;
import io.vertx.core.Future;

/** The machinery that runs flows, open. */
public interface Works {
    Engine engine();

    /** Stops event loops and servers. */
    Future<Void> close();
}
