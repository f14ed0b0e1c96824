package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ledger.KeptLetter;
import io.millrace.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that ends the process each time it is worked on, while somebody starts it again and again. */
class PoisonTest {
    private static final int KILLED = 137;

    /** Starts that come to nothing, then those with the record alone. */
    private static final int MOST_DEATHS = 7;

    private static final String STEPS = """
            "steps": [
              {"exec": {"command": ["sh", "-c", "kill -9 $PPID"]}, "when": ".value == 5"},
              {"map": {"n": "${.value}"}}], "concurrency": 4, "sink": {"jsonl": "out.jsonl"}""";

    @TempDir
    Path folder;

    private final List<Program> programs = new ArrayList<>();
    private Store store;

    @AfterEach
    void close() {
        programs.forEach(Program::close);
        store.close();
    }

    /** Starts the flow until it ends by itself; yields how often it was killed. */
    private int deaths(String flow) throws IOException {
        store = Store.shared(folder.resolve("state"));
        Files.writeString(folder.resolve("flow.json"), flow);
        List<String> arguments = new ArrayList<>(List.of("run", "flow.json"));
        arguments.addAll(store.arguments());
        int deaths = 0;
        while (true) {
            Program program = Program.millrace(folder, store.environment(), arguments);
            programs.add(program);
            int code = program.exitCode();
            if (code != KILLED) {
                assertThat(code).as(program.err()).isEqualTo(Site.DONE_BUT_DEAD_LETTERS);
                return deaths;
            }
            deaths++;
            assertThat(deaths).as(program.err()).isLessThanOrEqualTo(MOST_DEATHS);
        }
    }

    private String said() {
        return programs.get(programs.size() - 1).err();
    }

    private void allButOneAreThere() throws IOException {
        assertThat(Files.readAllLines(folder.resolve("out.jsonl")))
                .map(line -> new ObjectMapper().readTree(line).get("n").asInt())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).filter(n -> n != 5).boxed().toList());
    }

    private void oneIsDead() {
        try (Store.Look look = store.look()) {
            List<KeptLetter> letters = look.letters(look.run("poison"));
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).letter().document().get("value").asInt()).isEqualTo(5);
            assertThat(letters.get(0).letter().error().get("code").asText()).isEqualTo("CRASHED");
        }
    }

    @Test
    void a_record_that_kills_the_process_becomes_a_dead_letter_and_all_others_are_done() throws IOException {
        int deaths = deaths("{\"name\": \"poison\", \"durable\": true, \"source\": {\"range\": 60}, " + STEPS + "}");

        assertThat(deaths).isEqualTo(6); // three starts, and three times alone
        assertThat(said()).contains("one record at a time now", "it becomes a dead letter", "side by side");
        allButOneAreThere();
        oneIsDead();
    }

    @Test
    void an_item_of_a_queue_that_kills_the_process_becomes_a_dead_letter_and_all_others_are_done() throws IOException {
        int deaths = deaths("""
            {"name": "poison", "durable": true, "stages": {
              "numbers": {"source": {"range": 60}, "to": "work"},
              "work": {"queue": {"durable": true}, %s}}}""".formatted(STEPS));

        assertThat(deaths).isEqualTo(MOST_DEATHS); // three claims with others, and four alone
        allButOneAreThere();
        oneIsDead();
    }
}
