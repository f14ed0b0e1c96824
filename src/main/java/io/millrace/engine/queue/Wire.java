package io.millrace.engine.queue;

import java.util.function.Consumer;

/** Carries messages between loops: in order for one sender and address, never lost, never twice. */
public interface Wire {
    void send(String address, Object message);

    /** Hands messages for the address to the handler, on the loop that listens. */
    Listening listen(String address, Consumer<Object> handler);

    /** Ends listening. */
    @FunctionalInterface
    interface Listening {
        void close();
    }
}
