package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters, run again. */
class ReplayTest {
    private static final String SHOP = """
            {'stages': {
              'orders': {'source': {'range': 6}, 'to': 'check'},
              'check': {'steps': [{'raise': 'odd', 'when': '.value % 2 == 1 and #'}], 'to': 'store'},
              'store': {'steps': [{'raise': 'four', 'when': '.value == 4 and @'}], 'sink': 'stdout'}}}
            """;

    /** The shop, with what else must hold for an order to fail in either stage. */
    private static String shop(String check, String store) {
        return SHOP.replace("#", check).replace("@", store);
    }

    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void each_letter_goes_to_the_stage_where_it_failed_and_the_sources_stay_shut() throws Exception {
        Path dead = directory.resolve("first.jsonl");
        millrace.deadLetters(dead).run(shop("true", "true"));

        var again = millrace.deadLetters(directory.resolve("second.jsonl"))
                .replay(Replay.of(dead, Set.of("orders", "check", "store")))
                .run(shop("false", "false"));

        assertThat(again.exitCode()).isZero();
        assertThat(again.lines()).extracting(line -> line.get("value").asInt()).containsExactlyInAnyOrder(1, 3, 5, 4);
        var stages = again.result().last().stages();
        assertThat(stages).extracting(RunSnapshot.StageSnapshot::in).containsExactly(0L, 3L, 4L);
    }

    @Test
    void what_fails_anew_is_a_dead_letter_anew_and_keeps_its_position() throws Exception {
        Path dead = directory.resolve("first.jsonl");
        millrace.deadLetters(dead).run(shop("true", "false"));

        var again = millrace.deadLetters(directory.resolve("second.jsonl"))
                .replay(Replay.of(dead, Set.of("orders", "check", "store")))
                .run(shop(".value > 2", "false"));

        assertThat(again.exitCode()).isEqualTo(3);
        assertThat(again.lines()).extracting(JsonNode::toString).containsExactly("{\"value\":1}");
        assertThat(again.deadLetters())
                .extracting(letter -> letter.at("/meta/position").asInt())
                .containsExactlyInAnyOrder(3, 5);
    }

    @Test
    void records_that_never_became_items_are_counted_and_left_out() throws Exception {
        Files.writeString(directory.resolve("in.jsonl"), "{\"a\": 1}\nnot json\n");
        Path dead = directory.resolve("first.jsonl");
        String flow = "{'name': 'f', 'source': {'jsonl': '%s'}, 'steps': [{'raise': 'no'}], 'sink': 'discard'}"
                .formatted(directory.resolve("in.jsonl"));
        millrace.deadLetters(dead).run(flow);

        Replay replay = Replay.of(dead, Set.of("f"));

        assertThat(replay.count()).isEqualTo(1);
        assertThat(replay.unreadable()).isEqualTo(1);
    }

    @Test
    void an_empty_file_is_a_run_of_nothing() throws Exception {
        Path dead = Files.createFile(directory.resolve("none.jsonl"));

        var run = millrace.replay(Replay.of(dead, Set.of("orders", "check", "store")))
                .run(shop("true", "true"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).isEmpty();
    }

    @Test
    void a_letter_of_another_flow_is_told_with_its_line() throws IOException {
        Path dead = directory.resolve("other.jsonl");
        Files.writeString(dead, "{\"stage\":\"check\",\"document\":{}}\n{\"stage\":\"chekc\",\"document\":{}}\n");

        assertThatThrownBy(() -> Replay.of(dead, Set.of("check")))
                .hasMessage(
                        dead + ":2: the flow has no stage \"chekc\". Is it \"check\" now? Write that in the letter.");
    }

    @Test
    void a_file_of_something_else_is_told_with_its_line() throws IOException {
        Path dead = Files.writeString(directory.resolve("x.jsonl"), "{\"value\": 1}\n");

        assertThatThrownBy(() -> Replay.of(dead, Set.of("check")))
                .hasMessage(dead + ":1: this is no dead letter: it needs a \"stage\" and a \"document\".");
    }
}
