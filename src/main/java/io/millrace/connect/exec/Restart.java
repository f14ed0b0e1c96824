package io.millrace.connect.exec;

import io.millrace.spi.Field;
import io.millrace.spi.Types;

/** When a program that has ended is started again. */
enum Restart {
    NEVER,
    ON_FAILURE,
    ALWAYS;

    private static final long FIRST_DELAY_MS = 100;
    private static final long MAX_DELAY_MS = 5000;

    static final Field<Restart> FIELD = Field.of(
                    "restart",
                    Types.enumOf("rule", Restart.class),
                    "When a program that has ended is started again, after a growing pause.")
            .byDefault("never");

    boolean after(boolean success) {
        return this == ALWAYS || (this == ON_FAILURE && !success);
    }

    /** How long to wait after so many ends without anything between them, in milliseconds: doubled each time, up to a bound. */
    static long delay(int ends) {
        return Math.min(FIRST_DELAY_MS << Math.min(Math.max(0, ends - 1), 10), MAX_DELAY_MS);
    }
}
