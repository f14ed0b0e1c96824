package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import java.util.Arrays;
import java.util.List;

/** Runs branches at the same time. */
final class GatherStep implements StepType {
    private static final Field<Branches> BRANCHES = Field.of(
                    "branches",
                    Branches.type(),
                    "Lists of steps: an object of them, each under a name, or a list of them.")
            .required();
    private static final Field<Errors> ERRORS = Errors.field();
    private static final Spec SPEC = Spec.step("gather", "Runs lists of steps at the same time, and waits for all.")
            .main(BRANCHES)
            .fields(ERRORS)
            .returns("an object or a list of the branches' values, in their order; {} or [] for no branches")
            .note("Each branch runs on a copy of the document, and its value is that of its last step.")
            .note(
                    "When a branch fails, the others are cancelled and waited for, their `finally` included. The failure that came first is"
                            + " the step's; `.error.errors` holds those that came beside it.")
            .note("What branches emit is sent only if the step succeeds.")
            .example("""
                    {
                      "source": { "values": ["Ada"] },
                      "steps": [
                        {
                          "gather": {
                            "branches": {
                              "length": [{ "sleep": "20ms" }, { "map": ".value | length" }],
                              "upper": [{ "map": ".value | ascii_upcase" }]
                            }
                          },
                          "as": "facts"
                        }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Branches branches = settings.get(BRANCHES);
        List<Step> steps = branches.compile(assembly);
        Errors errors = settings.get(ERRORS);
        return frame -> new Gathering(frame, branches, steps, errors).run();
    }

    private static final class Gathering extends Group {
        private final Branches branches;
        private final List<Step> steps;

        Gathering(Frame frame, Branches branches, List<Step> steps, Errors errors) {
            super(frame, steps.size(), Integer.MAX_VALUE, errors);
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
        JsonNode result(JsonNode[] values) {
            if (!branches.named()) {
                return JsonNodeFactory.instance.arrayNode().addAll(Arrays.asList(values));
            }
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < values.length; i++) {
                result.set(branches.names().get(i), values[i]);
            }
            return result;
        }
    }
}
