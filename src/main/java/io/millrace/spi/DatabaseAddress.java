package io.millrace.spi;

/**
 * Where a PostgreSQL server listens.
 *
 * @param host host name, or the folder of its Unix socket
 */
public record DatabaseAddress(String host, int port, String user, String password, String database) {}
