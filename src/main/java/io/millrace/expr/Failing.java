package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryUserException;

/** jq's errors, without stack traces: they are data. */
final class Failing {
    private Failing() {}

    /** An error with a message, which {@code try} can catch. */
    static JsonQueryException error(String message) {
        return new Message(message);
    }

    /** What {@code error} raises. */
    static JsonQueryException error(JsonNode value) {
        return new Value(value);
    }

    private static final class Message extends JsonQueryException {
        private static final long serialVersionUID = 1;

        Message(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Value extends JsonQueryUserException {
        private static final long serialVersionUID = 1;

        Value(JsonNode value) {
            super(value);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Leaves the label that threw it; by identity, so that no other label can take it. */
    static final class Leave extends JsonQueryException {
        private static final long serialVersionUID = 1;
        private final Object label;

        Leave(Object label) {
            super("break");
            this.label = label;
        }

        boolean leaves(Object other) {
            return label == other;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
