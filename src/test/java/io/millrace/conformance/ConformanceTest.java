package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.testkit.Millrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each flow of the suite does what its program does: same results, same order, same kinds of error. What the program does was recorded,
 * and is asked of CPython again where there is one.
 *
 * <p>{@code -Dconformance.record=true} records anew; {@code -Dconformance.case=gather} runs those whose names begin so.
 */
class ConformanceTest {
    private static final Path CASES = Path.of("src/test/resources/conformance");
    private static final Path GUIDE = Path.of("src/docs/guides/from-asyncio.md");
    private static final boolean RECORD = Boolean.getBoolean("conformance.record");
    private static final int AT_ONCE = 6;

    @TempDir
    private static Path shared;

    private static Optional<Python> python = Optional.empty();
    private static ExecutorService workers;
    private static Peer peer;

    @BeforeAll
    static void start() {
        python = Python.find();
        workers = Executors.newFixedThreadPool(AT_ONCE);
        peer = new Peer();
    }

    @AfterAll
    static void stop() {
        workers.shutdownNow();
        peer.close();
    }

    /** All are started at once, so that they wait for their sleeps together; the tests only look. */
    @TestFactory
    Stream<DynamicContainer> flow_and_program_do_the_same() {
        String only = System.getProperty("conformance.case", "");
        List<DynamicContainer> tests = new ArrayList<>();
        for (Case one : Case.all(CASES)) {
            if (one.name().startsWith(only)) {
                tests.add(of(one));
            }
        }
        return tests.stream();
    }

    private static DynamicContainer of(Case one) {
        List<DynamicTest> tests = new ArrayList<>();
        python.ifPresent(here -> {
            CompletableFuture<List<String>> program = started(() -> Lines.canonical(cpython(one)));
            tests.add(dynamicTest("CPython " + here.version(), () -> same(one, program.join(), one.cpython())));
        });
        CompletableFuture<List<String>> flow = started(() -> millrace(one));
        tests.add(dynamicTest("Millrace", () -> same(one, flow.join(), one.millrace())));
        return dynamicContainer(one.name(), one.program().toUri(), tests.stream());
    }

    private static CompletableFuture<List<String>> started(Supplier<List<String>> work) {
        return CompletableFuture.supplyAsync(work, workers);
    }

    private static void same(Case one, List<String> actual, List<String> expected) {
        assertThat(one.inOrder(actual)).as(one.shows()).containsExactlyElementsOf(one.inOrder(expected));
    }

    private static String cpython(Case one) {
        if (python.isEmpty()) {
            return "";
        }
        String printed = python.get().run(one.program(), directory(one, "python"), Map.of("SERVER", peer.address()));
        if (RECORD) {
            one.record(printed);
        }
        return printed;
    }

    private static List<String> millrace(Case one) {
        try (Millrace millrace = new Millrace(directory(one, "millrace"))) {
            if (one.mark("server").isPresent()) {
                millrace.param("server", peer.address());
            }
            return Lines.of(millrace.start(one.flow()).await());
        }
    }

    private static Path directory(Case one, String side) {
        try {
            return Files.createDirectories(shared.resolve(one.name()).resolve(side));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_difference_is_one() {
        assertThat(Case.all(CASES).stream().filter(one -> one.mark("differs").isPresent()))
                .allSatisfy(one -> assertThat(one.inOrder(one.millrace())).isNotEqualTo(one.inOrder(one.cpython())));
    }

    @Test
    void the_guide_has_a_row_for_every_difference_and_no_other() throws IOException {
        assertThat(Files.readAllLines(GUIDE).stream().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(Case.all(CASES).stream()
                        .flatMap(one -> one.mark("differs").stream().map(why -> row(one.name(), why)))
                        .toList());
    }

    private static String row(String name, String why) {
        return "| `" + name + "` | " + why.replaceFirst("; ", " | ") + " |";
    }

    @Test
    void there_are_enough_cases() {
        assertThat(Case.all(CASES)).hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void every_case_says_what_it_shows() {
        assertThat(Case.all(CASES))
                .allSatisfy(one -> assertThat(one.shows()).as(one.name()).hasSizeGreaterThan(20));
    }
}
