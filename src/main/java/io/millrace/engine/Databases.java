package io.millrace.engine;

import io.millrace.spi.DatabaseAddress;
import io.vertx.core.Future;

/** The embedded database, as the engine sees the store. */
public interface Databases {
    /** Starts it when it is first asked for. */
    Future<DatabaseAddress> embedded();
}
