/**
 * Raw sockets: requests over TCP connections that are kept and shared, a stream into one connection, a server whose connections send
 * items, and single datagrams.
 *
 * <p>Everything that belongs to a connection is confined to the event loop on which it was made.
 */
@NullMarked
package io.millrace.connect.tcp;

import org.jspecify.annotations.NullMarked;
