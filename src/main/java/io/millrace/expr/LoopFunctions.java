package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * The functions that loop, as loops: jq's own definitions recurse, which costs stack, and jackson-jq has no tail calls. Each counts
 * its steps, so that a runaway ends as a LIMIT.
 */
final class LoopFunctions {
    private LoopFunctions() {}

    static void addTo(Library library) {
        library.add(
                "range",
                1,
                (scope, args, in, path, output, version) -> args.get(0)
                        .apply(scope, in, null, (to, at) -> range(Numbers.of(0), to, Numbers.of(1), output), false));
        library.add(
                "range",
                2,
                (scope, args, in, path, output, version) -> args.get(0)
                        .apply(
                                scope,
                                in,
                                null,
                                (from, a) -> args.get(1)
                                        .apply(
                                                scope,
                                                in,
                                                null,
                                                (to, b) -> range(from, to, Numbers.of(1), output),
                                                false),
                                false));
        library.add(
                "range",
                3,
                (scope, args, in, path, output, version) -> args.get(0)
                        .apply(
                                scope,
                                in,
                                null,
                                (from, a) -> args.get(1)
                                        .apply(
                                                scope,
                                                in,
                                                null,
                                                (to, b) -> args.get(2)
                                                        .apply(
                                                                scope,
                                                                in,
                                                                null,
                                                                (by, c) -> range(from, to, by, output),
                                                                false),
                                                false),
                                false));
        library.add(
                "repeat",
                1,
                (scope, args, in, path, output, version) -> new Walk(scope, args.get(0), null, output).from(in, path));
        library.add(
                "recurse",
                1,
                (scope, args, in, path, output, version) -> new Walk(scope, args.get(0), null, output).from(in, path));
        library.add(
                "recurse",
                2,
                (scope, args, in, path, output, version) ->
                        new Walk(scope, args.get(0), args.get(1), output).from(in, path));
        library.add("while", 2, (scope, args, in, path, output, version) -> {
            if (holds(scope, args.get(0), in)) {
                new Walk(scope, args.get(1), args.get(0), output).from(in, path);
            }
        });
        library.add(
                "until",
                2,
                (scope, args, in, path, output, version) -> until(scope, args.get(0), args.get(1), in, path, output));
        library.add(
                "limit",
                2,
                (scope, args, in, path, output, version) -> args.get(0)
                        .apply(scope, in, null, (n, at) -> limit(scope, n, args.get(1), in, path, output), false));
        library.add(
                "first",
                1,
                (scope, args, in, path, output, version) -> limit(scope, Numbers.of(1), args.get(0), in, path, output));
        library.add(
                "skip",
                2,
                (scope, args, in, path, output, version) -> args.get(0)
                        .apply(scope, in, null, (n, at) -> skip(scope, n, args.get(1), in, path, output), false));
    }

    private static void range(JsonNode from, JsonNode to, JsonNode by, PathOutput output) throws JsonQueryException {
        if (!from.isNumber() || !to.isNumber() || !by.isNumber()) {
            throw Failing.error("Range bounds must be numeric");
        }
        Evaluation evaluation = Evaluation.current();
        double step = by.doubleValue();
        double end = to.doubleValue();
        for (double i = from.doubleValue(); step > 0 ? i < end : step < 0 && i > end; i += step) {
            evaluation.step();
            output.emit(Numbers.of(i), null);
        }
    }

    private static boolean holds(Scope scope, Expression condition, JsonNode in) throws JsonQueryException {
        boolean[] held = new boolean[1];
        condition.apply(scope, in, null, (value, at) -> held[0] |= Json.isTrue(value), false);
        return held[0];
    }

    private static void until(
            Scope scope, Expression condition, Expression update, JsonNode in, @Nullable Path path, PathOutput output)
            throws JsonQueryException {
        JsonNode value = in;
        Path at = path;
        while (!holds(scope, condition, value)) {
            Evaluation.current().step();
            List<Step> next = steps(scope, update, value, at);
            if (next.isEmpty()) {
                return;
            }
            for (Step step : next.subList(0, next.size() - 1)) {
                until(scope, condition, update, step.value(), step.path(), output);
            }
            value = next.get(next.size() - 1).value();
            at = next.get(next.size() - 1).path();
        }
        output.emit(value, at);
    }

    private static void limit(
            Scope scope, JsonNode n, Expression source, JsonNode in, @Nullable Path path, PathOutput output)
            throws JsonQueryException {
        int[] left = {count(n)};
        if (left[0] <= 0) {
            return;
        }
        Object label = new Object();
        try {
            source.apply(
                    scope,
                    in,
                    path,
                    (value, at) -> {
                        left[0]--;
                        output.emit(value, at);
                        if (left[0] <= 0) {
                            throw new Failing.Leave(label);
                        }
                    },
                    path != null);
        } catch (Failing.Leave leave) {
            if (!leave.leaves(label)) {
                throw leave;
            }
        }
    }

    private static void skip(
            Scope scope, JsonNode n, Expression source, JsonNode in, @Nullable Path path, PathOutput output)
            throws JsonQueryException {
        int[] left = {count(n)};
        source.apply(
                scope,
                in,
                path,
                (value, at) -> {
                    if (left[0]-- <= 0) {
                        output.emit(value, at);
                    }
                },
                path != null);
    }

    private static int count(JsonNode n) throws JsonQueryException {
        if (!n.isNumber()) {
            throw Failing.error("Expected a number, not " + Json.shown(n));
        }
        return (int) Math.ceil(n.doubleValue());
    }

    private static List<Step> steps(Scope scope, Expression update, JsonNode in, @Nullable Path path)
            throws JsonQueryException {
        List<Step> steps = new ArrayList<>(2);
        update.apply(scope, in, path, (value, at) -> steps.add(new Step(value, at)), path != null);
        return steps;
    }

    private record Step(JsonNode value, @Nullable Path path) {}

    /** Emits a value, then all that follows from it, depth first; the last of the followers without recursion. */
    private record Walk(
            Scope scope, Expression next, @Nullable Expression condition, PathOutput output) {
        void from(JsonNode in, @Nullable Path path) throws JsonQueryException {
            Evaluation evaluation = Evaluation.current();
            JsonNode value = in;
            Path at = path;
            while (true) {
                evaluation.step();
                output.emit(value, at);
                List<Step> steps = steps(scope, next, value, at);
                if (condition != null) {
                    steps = held(condition, steps);
                }
                if (steps.isEmpty()) {
                    return;
                }
                for (Step step : steps.subList(0, steps.size() - 1)) {
                    from(step.value(), step.path());
                }
                value = steps.get(steps.size() - 1).value();
                at = steps.get(steps.size() - 1).path();
            }
        }

        private List<Step> held(Expression test, List<Step> steps) throws JsonQueryException {
            List<Step> held = new ArrayList<>(steps.size());
            for (Step step : steps) {
                if (holds(scope, test, step.value())) {
                    held.add(step);
                }
            }
            return held;
        }
    }
}
