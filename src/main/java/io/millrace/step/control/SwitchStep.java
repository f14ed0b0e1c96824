package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Chooses between lists of steps. */
final class SwitchStep implements StepType {
    private static final Field<Jq> WHEN = Field.of("when", Types.jq(), "jq; the first case that matches is run.")
            .defaultDoc("always: the last case only");
    private static final Field<Block> DO = Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps of the case.")
            .required();
    private static final Spec CASE =
            Spec.object("case", "One case of a switch.").fields(WHEN, DO).done();
    private static final Field<List<Settings>> CASES = Field.of(
                    "switch", Types.list(Types.object(CASE)), "The cases, in order.")
            .required();
    private static final Spec SPEC = Spec.step("switch", "Runs the steps of the first case that matches.")
            .whole(CASES)
            .result(Spec.Result.BLOCK)
            .returns("the value of the last step that ran; null if no case matched")
            .note(
                    "They run on the document as it is. If no case matches, nothing happens; a last case without `when` is the else.")
            .rule(SwitchStep::onlyTheLastIsElse)
            .example("{\"source\": {\"range\": 3}, \"steps\": [{\"switch\": ["
                    + "{\"when\": \".value == 0\", \"do\": [{\"set\": {\"size\": \"none\"}}]}, "
                    + "{\"do\": [{\"set\": {\"size\": \"some\"}}]}]}]}")
            .done();

    private record Case(Optional<Jq> when, Step steps) {
        boolean matches(Frame frame) {
            return when.isEmpty() || when.get().test(frame);
        }
    }

    private static void onlyTheLastIsElse(Settings settings, Check check) {
        JsonNode cases = settings.at().json();
        for (int i = 0; i < cases.size() - 1; i++) {
            if (cases.path(i).isObject() && !cases.path(i).has("when")) {
                check.error(
                        settings.at().child(i),
                        "This case has no \"when\": the cases behind it never run.",
                        "Add \"when\", or move it to the end.");
            }
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        List<Case> cases = settings.get(CASES).stream()
                .map(one -> new Case(one.find(WHEN), assembly.compile(one.get(DO))))
                .toList();
        return frame -> run(cases, frame);
    }

    private static Future<JsonNode> run(List<Case> cases, Frame frame) {
        for (Case one : cases) {
            if (one.matches(frame)) {
                return one.steps().run(frame);
            }
        }
        return Future.succeededFuture(NullNode.instance);
    }
}
