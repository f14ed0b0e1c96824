/**
 * HTTP: the step {@code http}, its client (resource {@code http}), and a server of files (resource {@code http-server}).
 *
 * <p>A request passes {@link io.millrace.connect.http.Gate} (who may send now), {@link io.millrace.connect.http.Exchange} (one request
 * and its answer on a connection) and {@link io.millrace.connect.http.Fetch} (redirects, sign-in, pauses that a server asks for).
 */
@NullMarked
package io.millrace.connect.http;

import org.jspecify.annotations.NullMarked;
