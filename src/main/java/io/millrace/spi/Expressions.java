package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;

/** Compiles jq and templates. */
public interface Expressions {
    /** Compiles a filter; a text wrapped in one <code>${ }</code> means the same. */
    Jq jq(String text) throws BadExpression;

    /** Compiles every <code>${ }</code> in the strings of a value. */
    Template template(JsonNode value) throws BadExpression;

    /** An expression that cannot be compiled: what is wrong with it, and how to mend it. */
    final class BadExpression extends Exception {
        private static final long serialVersionUID = 1;
        private final String mend;
        private final String pointer;

        public BadExpression(String what, String mend) {
            this(what, mend, "");
        }

        /** @param pointer JSON pointer, inside the template, of the string at fault; empty for the whole */
        public BadExpression(String what, String mend, String pointer) {
            super(what, null, false, false);
            this.mend = mend;
            this.pointer = pointer;
        }

        public String what() {
            return String.valueOf(getMessage());
        }

        public String mend() {
            return mend;
        }

        public String pointer() {
            return pointer;
        }
    }
}
