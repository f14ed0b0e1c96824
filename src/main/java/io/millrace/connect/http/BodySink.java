package io.millrace.connect.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Takes the body of an answer as it comes. Confined to the event loop of the request. */
interface BodySink {
    /** A piece of the body; the response may be paused to slow it down. Throws a Failure to break off. */
    void accept(Buffer chunk, HttpClientResponse from);

    /** Whether what follows is of no interest. */
    default boolean isFull() {
        return false;
    }

    /** The body is complete. */
    Future<Void> end();

    /** It will never be: completes when what was begun is cleaned up. */
    Future<Void> abort();
}
