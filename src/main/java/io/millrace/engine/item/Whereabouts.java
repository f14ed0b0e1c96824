package io.millrace.engine.item;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The step in which a stage instance is right now. Written by its loop alone, at the entrance and exit of every step, so it costs no more
 * than two plain writes; read by a thread that looks on now and then.
 */
public final class Whereabouts {
    private static final VarHandle PLACE;
    private static final VarHandle TURN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PLACE = lookup.findVarHandle(Whereabouts.class, "place", String.class);
            TURN = lookup.findVarHandle(Whereabouts.class, "turn", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable String place;
    private int turn;

    /** Notes that a step begins, and gives the one around it. */
    @Nullable
    String enter(String at) {
        String around = place;
        if (around == null) {
            TURN.setOpaque(this, turn + 1);
        }
        PLACE.setOpaque(this, at);
        return around;
    }

    /** Notes that the step has given the loop back to the one around it. */
    void leave(@Nullable String around) {
        PLACE.setOpaque(this, around);
    }

    /** The innermost step that is being run; null between steps. Any thread. */
    public @Nullable String place() {
        return (String) PLACE.getOpaque(this);
    }

    /** How often an outermost step has begun: as long as it stays the same, one step has held the loop. Any thread. */
    public int turn() {
        return (int) TURN.getOpaque(this);
    }
}
