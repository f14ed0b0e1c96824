package io.millrace.ledger;

import java.time.Duration;

/** Told of a store that comes and goes. Called on an event loop: must not block. */
public interface Presence {
    Presence UNHEARD = new Presence() {
        @Override
        public void away(String why) {}

        @Override
        public void back(Duration after) {}
    };

    /** A commit waits, for this reason. Once for each absence. */
    void away(String why);

    /** It goes on. */
    void back(Duration after);
}
