package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** What an evaluation carries besides its input: the variables, and a count of loop steps. One per thread, saved when nested. */
final class Evaluation {
    /** Steps of {@code range}, {@code repeat}, {@code while}, {@code until} and {@code recurse} in one evaluation. How long they take depends on the body. */
    static final int MAX_STEPS = 2_000_000;

    private static final ThreadLocal<Evaluation> CURRENT = ThreadLocal.withInitial(Evaluation::new);

    private Variables variables = Variables.NONE;
    private int steps;

    static Evaluation current() {
        return CURRENT.get();
    }

    /** Runs the work with these variables and a fresh count. */
    void with(Variables values, Work work) throws JsonQueryException {
        Variables before = variables;
        int counted = steps;
        variables = values;
        steps = 0;
        try {
            work.run();
        } finally {
            variables = before;
            steps = counted;
        }
    }

    Variables variables() {
        return variables;
    }

    JsonNode variable(String name) throws JsonQueryException {
        JsonNode value = variables.variable(name);
        if (value == null) {
            throw Failing.error("`$" + name + "` has no value here");
        }
        return value;
    }

    /** Counts one step of a loop; too many are a LIMIT. */
    void step() {
        if (++steps > MAX_STEPS) {
            throw Failure.of(Failure.Kind.LIMIT, "looped more than " + MAX_STEPS + " times");
        }
    }

    interface Work {
        void run() throws JsonQueryException;
    }
}
