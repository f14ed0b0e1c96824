package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Reply;

/** A record for which somebody waits. */
final class CalledRoot extends Root {
    private final Caller caller;

    CalledRoot(Origin origin, long seq, Caller caller) {
        super(origin, seq);
        this.caller = caller;
    }

    @Override
    public boolean reply(Reply reply) {
        return caller.reply(reply);
    }

    @Override
    public void failed(Failure failure) {
        caller.failed(failure);
    }

    @Override
    public JsonNode peer() {
        return caller.peer();
    }

    /** The caller is told before the account is: the run must not be at its end while an answer is still to be sent. */
    @Override
    void settled(Settling settling) {
        caller.settled();
        super.settled(settling);
    }
}
