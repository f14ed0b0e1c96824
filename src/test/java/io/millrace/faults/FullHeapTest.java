package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose heap is full: it ends at once, and the next one does the rest. */
class FullHeapTest {
    private static final int RECORDS = 400;

    /** One record becomes more than there is memory, the first time that it comes. */
    private static final String FLOW = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": %d}, "concurrency": 8, "steps": [
                {"sleep": "5ms"},
                {"exec": {"command": ["sh", "-c", "test -e once && echo later || { touch once; echo once; }"]},
                  "as": "first", "when": ".value == 250"},
                {"set": {"huge": "${if (.first.stdout | length) == 5 then reduce range(40) as $i (\\"many\\"; . + .) | length else 0 end}"}},
                {"map": {"n": "${.value}"}}], "sink": {"jsonl": "out.jsonl"}}}}""".formatted(RECORDS);

    @TempDir
    private Path folder;

    @Test
    void it_ends_at_once_and_the_next_process_loses_and_doubles_nothing() throws IOException {
        Files.writeString(folder.resolve("flow.json"), FLOW);

        Program first = Program.millrace(folder, Map.of(), List.of("run", "flow.json"));
        int full = first.exitCode();
        Program second = Program.millrace(folder, Map.of(), List.of("run", "flow.json"));
        int done = second.exitCode();

        assertThat(full).as(first.err()).isEqualTo(1);
        assertThat(first.err()).contains("out of memory: the heap is full", "goes on when it is started again");
        assertThat(folder.resolve("once")).exists();
        assertThat(done).as(second.err()).isZero();
        assertThat(second.err()).contains("resuming run 1 at ");
        assertThat(Files.readAllLines(folder.resolve("out.jsonl")).stream()
                        .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                        .sorted())
                .isEqualTo(IntStream.range(0, RECORDS).boxed().toList());
    }
}
