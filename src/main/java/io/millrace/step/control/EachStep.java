package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.util.List;

/** Runs steps on each element of something. */
final class EachStep implements StepType {
    private static final Field<Jq> IN = Field.of("in", Types.jq(), "jq; the steps run once for each output.")
            .required()
            .example(".links[]");
    private static final Field<Block> DO = Field.of(
                    "do",
                    Types.steps(Block.Filter.ALLOWED),
                    "The steps; `.` is the element, or `{\"value\": x}` where it is no object; `$outer` is the document.")
            .required();
    private static final Field<Integer> CONCURRENCY = Field.of(
                    "concurrency", Types.integer(1, 100_000), "How many elements at the same time.")
            .byDefault(16);
    private static final Field<Errors> ERRORS = Errors.field();
    private static final Spec SPEC = Spec.step(
                    "each", "Runs steps on each element of a list, several at the same time.")
            .fields(IN, DO, CONCURRENCY, ERRORS)
            .returns("a list of the values of the steps, in the order of the elements; [] for none")
            .note("A `filter` within leaves the element out of the list.")
            .note("When an element fails, those under way are cancelled and waited for, and no more are begun.")
            .example("""
                    {
                      "source": { "values": [{ "town": "Oslo", "streets": ["Storgata", "Karl Johan", "Bogstad"] }] },
                      "steps": [
                        {
                          "each": {
                            "in": ".streets[]",
                            "concurrency": 2,
                            "do": [
                              { "filter": ".value | startswith('K') | not" },
                              { "sleep": "10ms" },
                              { "map": "\\"\\\\(.value), \\\\($outer.town)\\"" }
                            ]
                          },
                          "as": "labels"
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
        Jq in = settings.get(IN);
        Step steps = assembly.compile(settings.get(DO));
        int concurrency = settings.get(CONCURRENCY);
        Errors errors = settings.get(ERRORS);
        return frame -> new Elements(frame, in.all(frame), steps, concurrency, errors).run();
    }

    private static final class Elements extends Group {
        private final List<JsonNode> elements;
        private final Step steps;

        Elements(Frame frame, List<JsonNode> elements, Step steps, int concurrency, Errors errors) {
            super(frame, elements.size(), concurrency, errors);
            this.elements = elements;
            this.steps = steps;
        }

        @Override
        Frame fork(int branch) {
            return frame.forkInside(elements.get(branch));
        }

        @Override
        Step steps(int branch) {
            return steps;
        }

        @Override
        String name(int branch) {
            return "element " + branch;
        }

        @Override
        JsonNode result(JsonNode[] values) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode(values.length);
            for (JsonNode value : values) {
                if (!value.isMissingNode()) {
                    list.add(value);
                }
            }
            return list;
        }
    }
}
