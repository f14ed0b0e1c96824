package io.millrace.engine;

import io.millrace.spi.DatabaseAddress;
import io.vertx.core.Future;

/** The embedded database, as the engine sees the store. */
public interface Databases {
    /** Where it listens. It is started when first asked for, and started again if it has died: ask before each connection. */
    Future<DatabaseAddress> embedded();
}
