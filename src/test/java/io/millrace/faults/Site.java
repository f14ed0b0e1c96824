package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.faults.Audit.Letter;
import io.millrace.faults.Audit.Output;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder in which a durable flow is run, by one process after another, until it is done. */
final class Site {
    static final int DONE_BUT_DEAD_LETTERS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String name;
    private final Store store;
    private final Workload workload;
    private final List<Program> started = new ArrayList<>();

    /** @param folder new; its name becomes that of the flow */
    Site(Path folder, Store store, Workload workload) {
        this.folder = folder;
        this.name = String.valueOf(folder.getFileName());
        this.store = store;
        this.workload = workload;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        workload.write(folder, name);
    }

    Store store() {
        return store;
    }

    /** Whether several processes may run it at a time. */
    boolean isShared() {
        return workload.queued();
    }

    /** One more process that runs the flow. */
    Program start(String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", "flow.json"));
        arguments.addAll(store.arguments());
        arguments.addAll(List.of(more));
        Program program = Program.millrace(folder, store.environment(), arguments);
        started.add(program);
        return program;
    }

    /** Whether a process has come so far that it reads records. */
    static boolean isUnderWay(Program program) {
        String told = program.err();
        return told.contains(" begins;") || told.contains("resuming run ") || told.contains("joins run ");
    }

    /** Whether it found no store when it began, and has ended for that: it was just being restarted. */
    static boolean cameTooEarly(Program program) {
        return !program.isAlive() && program.err().contains("failed: cannot use the store");
    }

    /** How many bytes of the file are there; they come with commits. */
    long written() {
        try {
            Path part = folder.resolve(Workload.OUTPUT + ".part");
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last processes end by themselves: nothing is lost, nothing is there twice. */
    void conclude(List<Program> last, Duration patience) {
        last.forEach(program ->
                assertThat(program.exitCode(patience)).as(() -> story()).isEqualTo(DONE_BUT_DEAD_LETTERS));
        assertThat(folder.resolve(Workload.OUTPUT + ".part")).doesNotExist();
        assertThat(started).allSatisfy(program -> assertThat(program.err()).doesNotContain("\tat ", "BUG", "ERROR"));
        try (Store.Look look = store.look()) {
            RunSummary run = look.run(name);
            assertThat(run.state()).isEqualTo(RunState.FINISHED);
            assertThat(run.exitCode()).isEqualTo(DONE_BUT_DEAD_LETTERS);
            assertThat(new Audit(workload, rows(look), lines(), letters(look, run)).problems())
                    .as(() -> story())
                    .isEmpty();
        }
    }

    private List<Output> rows(Store.Look look) {
        return look.rows(
                "SELECT id, part, text, stamp FROM " + name,
                row -> new Output(row.getInteger(0), row.getInteger(1), row.getString(2), row.getString(3)));
    }

    private List<Output> lines() {
        try (Stream<String> lines = Files.lines(folder.resolve(Workload.OUTPUT))) {
            return lines.map(Site::json)
                    .map(line -> new Output(
                            line.get("id").asInt(),
                            line.get("part").asInt(),
                            line.get("text").asText(),
                            line.get("stamp").asText()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Letter> letters(Store.Look look, RunSummary run) {
        return look.letters(run).stream().map(kept -> letter(kept.letter())).toList();
    }

    private static Letter letter(DeadLetter letter) {
        boolean asWritten = letter.stage().equals("first")
                ? letter.document().path("value").isTextual()
                : letter.document().has("id");
        assertThat(asWritten).as(() -> letter.toString()).isTrue();
        JsonNode task = letter.stage().equals("first")
                ? json(letter.document().get("value").asText())
                : letter.document();
        return new Letter(
                letter.stage(),
                task.get("id").asText()
                        + (task.has("part") ? "/" + task.get("part").asText() : ""));
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("a broken line: " + line, e);
        }
    }

    /** What the processes have said, the last ones. */
    String story() {
        StringBuilder story = new StringBuilder(folder.toString());
        started.stream()
                .skip(Math.max(0, started.size() - 3))
                .forEach(program -> story.append("\n--- process ")
                        .append(program.pid())
                        .append('\n')
                        .append(program.err()));
        return story.toString();
    }

    /** Ends what may still run. */
    void abandon() {
        started.forEach(Program::close);
    }
}
