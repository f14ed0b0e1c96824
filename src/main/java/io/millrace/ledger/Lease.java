package io.millrace.ledger;

/**
 * Something that one process at a time has in a run, until it lets go or dies.
 *
 * @param kind what sort of thing, such as {@code source} or {@code bucket}
 * @param mine whether this process holds it
 */
public record Lease(String kind, String name, boolean mine) {}
