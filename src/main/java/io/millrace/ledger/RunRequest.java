package io.millrace.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Which run is wanted. Flow and params name it.
 *
 * @param params hash of the params' values
 * @param shape what must not change while the run is unfinished, as the engine describes and compares it; kept for a run that begins
 * @param fresh to begin a new run in any case; an unfinished one is cancelled
 * @param shared whether several processes may run it at once
 * @param again this run and no other, which the process had before it was taken for dead; null: the newest
 */
public record RunRequest(
        String flow,
        String params,
        ObjectNode shape,
        boolean fresh,
        boolean shared,
        @Nullable Long again) {
    public RunRequest(String flow, String params, ObjectNode shape, boolean fresh, boolean shared) {
        this(flow, params, shape, fresh, shared, null);
    }

    /** Goes on with a run, as long as it is unfinished; begins none. */
    public RunRequest again(long run) {
        return new RunRequest(flow, params, shape, false, shared, run);
    }
}
