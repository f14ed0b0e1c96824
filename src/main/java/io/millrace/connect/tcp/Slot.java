package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The place of one frame in the order of replies on its connection. What it is told comes from any thread; the first answer counts. */
final class Slot implements Caller {
    /** What becomes of a place. */
    enum Outcome {
        WRITE,
        NOTHING,
        CLOSE
    }

    /** @param payload what is written for it; empty unless the outcome is WRITE */
    record Answer(Outcome outcome, byte[] payload) {
        static final Answer NOTHING = new Answer(Outcome.NOTHING, new byte[0]);
        static final Answer CLOSE = new Answer(Outcome.CLOSE, new byte[0]);
    }

    private final Conversation conversation;
    private final Speech speech;
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
    final long since = System.nanoTime();

    Slot(Conversation conversation, Speech speech) {
        this.conversation = conversation;
        this.speech = speech;
    }

    /** What is to be written for it; null as long as nobody knows. */
    @Nullable
    Answer answer() {
        return answer.get();
    }

    @Override
    public boolean reply(Reply reply) {
        return !conversation.isGone() && settle(frame(reply.body()));
    }

    @Override
    public void settled() {
        settle(Answer.NOTHING);
    }

    @Override
    public void failed(Failure failure) {
        settle(told(failure));
    }

    @Override
    public JsonNode peer() {
        return conversation.peer();
    }

    private boolean settle(Answer with) {
        boolean first = answer.compareAndSet(null, with);
        if (first) {
            conversation.settled();
        }
        return first;
    }

    /** A reply that is no frame must not become two, or a frame of another length: the client is told that it failed. */
    private Answer frame(JsonNode body) {
        if (body.isNull() || body.isMissingNode()) {
            return Answer.NOTHING;
        }
        try {
            byte[] payload = Message.bytes(body, speech.charset());
            speech.framing().check(payload);
            return new Answer(Outcome.WRITE, payload);
        } catch (Failure unusable) {
            conversation.unusable(unusable);
            return told(unusable);
        }
    }

    private Answer told(Failure failure) {
        return switch (speech.errors()) {
            case IGNORE -> Answer.NOTHING;
            case CLOSE -> Answer.CLOSE;
            case REPLY -> error(failure);
        };
    }

    private Answer error(Failure failure) {
        JsonNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", failure.kind().name())
                .put("message", conversation.shown(failure));
        byte[] payload = Message.json(json, speech.charset());
        try {
            speech.framing().check(payload);
            return new Answer(Outcome.WRITE, payload);
        } catch (Failure noFrame) {
            return Answer.CLOSE;
        }
    }
}
