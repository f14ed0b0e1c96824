package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {
    private static final String STAGES = """
            {
              "stages": {
                "a.b": { "source": { "values": [1] }, "concurrency": 2, "to": "c" },
                "c": { "sink": "stdout" }
              }
            }""";
    private static final String SINGLE = "{ \"source\": { \"values\": [1] } }";

    private static CheckedFlow read(String text, String key, String value) {
        return Reading.READER.read(Reading.withSets(text, Map.of(key, value)));
    }

    @Test
    void sets_a_field_of_a_stage() {
        Flow flow = read(STAGES, "a.b.concurrency", "8").flow(Reading.none());

        assertThat(flow.stages().get("a.b").concurrency()).isEqualTo(8);
    }

    @Test
    void sets_a_field_within_a_field() {
        Flow flow = read(STAGES, "c.queue.capacity", "5").flow(Reading.none());

        assertThat(flow.stages().get("c").queue().capacity()).isEqualTo(5);
    }

    @Test
    void needs_no_stage_name_where_there_is_one_stage() {
        assertThat(read(SINGLE, "concurrency", "3")
                        .flow(Reading.none())
                        .stages()
                        .get("test")
                        .concurrency())
                .isEqualTo(3);
        assertThat(read(SINGLE, "test.rate", "5/s")
                        .flow(Reading.none())
                        .stages()
                        .get("test")
                        .rate())
                .isPresent();
    }

    @Test
    void tells_of_a_value_that_does_not_fit_where_it_came_from() {
        assertThat(Reading.problems(read(STAGES, "c.concurrency", "many")))
                .isEqualTo(
                        "test.json:4:10: /stages/c/concurrency: --set c.concurrency=many: \"many\" does not fit here."
                                + " Write a whole number from 1 to 1000000, or an object (adapts to what the other side bears).");
    }

    @Test
    void tells_of_stages_and_fields_that_there_are_not() {
        assertThat(Reading.problems(read(STAGES, "d.concurrency", "1")))
                .isEqualTo("test.json:1:1: --set d.concurrency=1 names no stage of this flow."
                        + " Write --set STAGE.FIELD=VALUE; STAGE is \"a.b\" or \"c\".");
        assertThat(Reading.problems(read(STAGES, "c.instanses", "1")))
                .isEqualTo("test.json:1:1: --set c.instanses=1 sets what cannot be set. Did you mean \"instances\"?");
    }
}
