package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs branches at the same time, of which one is enough. */
final class RaceStep implements StepType {
    private static final Field<Branches> BRANCHES = Field.of(
                    "branches",
                    Branches.type(),
                    "Lists of steps: an object of them, each under a name, or a list of them.")
            .required();
    private static final Spec SPEC = Spec.step(
                    "race", "Runs lists of steps at the same time; the first that succeeds wins.")
            .main(BRANCHES)
            .returns("the value of the branch that won")
            .note("The others are cancelled and waited for, their `finally` included; what they emitted is not sent.")
            .note(
                    "A branch that fails is out. If all fail, so does the step: its message names each, `.error.errors` holds them, and its"
                            + " kind is theirs, or REJECTED where they differ.")
            .rule(RaceStep::someRun)
            .example("""
                    {
                      "source": { "values": ["Ada"] },
                      "steps": [
                        {
                          "race": [
                            [{ "sleep": "5s" }, { "map": "'from the slow mirror'" }],
                            [{ "sleep": "10ms" }, { "map": "'from the fast mirror'" }]
                          ],
                          "as": "answer"
                        }
                      ]
                    }
                    """)
            .done();

    private static void someRun(Settings settings, Check check) {
        if (settings.find(BRANCHES).filter(branches -> branches.size() == 0).isPresent()) {
            check.error(settings.at(), "A race without branches has no winner.", "Write at least one list of steps.");
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Branches branches = settings.get(BRANCHES);
        List<Step> steps = branches.compile(assembly);
        return frame -> new Racing(frame, branches, steps).run();
    }

    private static final class Racing extends Branching {
        private final Branches branches;
        private final List<Step> steps;
        private final Map<Integer, Failure> failures = new TreeMap<>();
        private @Nullable Throwable decision;
        private @Nullable JsonNode won;
        private int winner;

        Racing(Frame frame, Branches branches, List<Step> steps) {
            super(frame, steps.size(), Integer.MAX_VALUE);
            this.branches = branches;
            this.steps = steps;
        }

        @Override
        Frame fork(int branch) {
            return frame.fork(frame.document());
        }

        @Override
        Step steps(int branch) {
            return steps.get(branch);
        }

        @Override
        String name(int branch) {
            return branches.told(branch);
        }

        @Override
        void ended(int branch, AsyncResult<JsonNode> result) {
            if (won != null || decision != null) {
                return;
            }
            if (result.succeeded()) {
                won = result.result();
                winner = branch;
                stop("cancelled, since another branch has won");
            } else if (result.cause() instanceof Failure failure) {
                failures.put(branch, failure);
            } else {
                decision = result.cause(); // about the whole item, such as "onError": "drop"
                stop("cancelled, since another branch has ended the item");
            }
        }

        @Override
        Future<JsonNode> outcome() {
            if (won != null) {
                frame.join(branch(winner));
                return Future.succeededFuture(won);
            }
            return Future.failedFuture(decision != null ? decision : failure());
        }

        private Failure failure() {
            List<Failure> all = List.copyOf(failures.values());
            Failure first = all.get(0);
            if (cancelled()) {
                return first;
            }
            boolean alike = all.stream().allMatch(one -> one.kind() == first.kind());
            String each = failures.entrySet().stream()
                    .map(entry -> branches.names().get(entry.getKey()) + ": "
                            + entry.getValue().message())
                    .collect(Collectors.joining("; "));
            return Failure.build(alike ? first.kind() : Failure.Kind.REJECTED, "No branch has won. " + each)
                    .retryable(all.stream().anyMatch(Failure::retryable))
                    .cause(first)
                    .errors(all)
                    .done();
        }
    }
}
