package io.millrace.spi;

/**
 * An open transaction of the store, into which a sink in the same database writes its rows: they and the run's progress commit together or not
 * at all. Begun, ended and watched by the store; who writes neither commits nor rolls back (savepoints are fine), keeps no
 * connection beyond its future, and does not pause: a transaction that is idle for some seconds is ended by the server.
 */
public interface StoreTransaction {
    /**
     * The connection on which the transaction runs.
     *
     * @param type a type that the writer's client library knows; for PostgreSQL {@code io.vertx.sqlclient.SqlConnection}
     * @throws IllegalArgumentException if the store's connection is none of these
     */
    <T> T connection(Class<T> type);
}
