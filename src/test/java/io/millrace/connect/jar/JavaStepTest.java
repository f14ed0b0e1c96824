package io.millrace.connect.jar;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole flows with classes that are compiled and put into a jar by the test. */
class JavaStepTest {
    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory, () -> Future.failedFuture("no database"));
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    private void jar(String name, String body) {
        PluginJars.jar(directory.resolve("plugins/test.jar"), Map.of(name, body));
    }

    private Millrace.Outcome run(String values, String step) {
        return millrace.run("{'source': {'values': " + values + "}, 'steps': [" + step + "]}");
    }

    private JsonNode letter(String step) {
        Millrace.Outcome outcome = run("[{'n': 1}]", step);
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.deadLetters()).hasSize(1);
        return outcome.deadLetters().get(0).get("error");
    }

    @Test
    void the_template_project_compiles_and_its_flow_runs() throws IOException {
        PluginJars.template(directory.resolve("plugins"));
        Files.copy(Path.of("src/docs/templates/java-step/flow.json"), directory.resolve("flow.json"));

        Millrace.Outcome outcome = millrace.runFile("flow.json");

        assertThat(outcome.lines()).hasSize(2);
        assertThatJson(outcome.lines().get(0).get("words")).isEqualTo("{be: 2, to: 2}");
        assertThatJson(outcome.lines().get(1).get("words")).isEqualTo("{a: 3, rose: 3}");
    }

    @Test
    void the_check_of_the_template_project_passes() throws Exception {
        Path jar = PluginJars.template().resolve("word-count.jar");
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        jar.toString(),
                        "src/docs/templates/java-step/src/test/java/com/example/WordCountCheck.java")
                .redirectErrorStream(true)
                .start();

        String said = new String(check.getInputStream().readAllBytes());

        assertThat(check.waitFor()).as(said).isZero();
        assertThat(said).contains("ok");
    }

    @Test
    void numbers_keep_all_their_digits_both_ways() throws IOException {
        jar("Echo", """
                implements Function<Object, Object> {
                    public Object apply(Object given) {
                        Map<?, ?> map = (Map<?, ?>) given;
                        String types = "";
                        for (Object each : map.values()) types += (each == null ? "null" : each.getClass().getSimpleName()) + " ";
                        return Map.of("types", types, "back", map);
                    }
                }""");

        String out = run(
                        "[{'a': 1, 'b': 123456789012345678901234567890, 'c': 0.10, 'd': 1e-30, 'e': [true, null], 'f': {'g': 'x'},"
                                + " 'h': null, 'i': 9007199254740993}]",
                        "{'java': 'test.Echo', 'as': '.'}")
                .out();

        assertThat(out)
                .contains("\"types\":\"Long BigInteger BigDecimal BigDecimal ArrayList LinkedHashMap null Long \"")
                .contains("\"b\":123456789012345678901234567890", "\"c\":0.10", "\"i\":9007199254740993");
    }

    @Test
    void takes_what_java_programs_return() {
        jar("Kinds", """
                implements Function<Object, Object> {
                    record Point(int x, double y) {}
                    public Object apply(Object given) {
                        Map<Object, Object> map = new LinkedHashMap<>();
                        map.put("record", new Point(1, 2.5));
                        map.put("array", new int[] {1, 2});
                        map.put("bytes", new byte[] {1, 2, 3});
                        map.put("enum", TimeUnit.DAYS);
                        map.put("date", java.time.LocalDate.of(2026, 1, 2));
                        map.put("empty", Optional.empty());
                        map.put("set", new TreeSet<>(List.of("b", "a")));
                        map.put(7, 1.5f);
                        return map;
                    }
                }""");

        JsonNode back = run("[1]", "{'java': 'test.Kinds', 'as': '.'}").lines().get(0);

        assertThatJson(back)
                .isEqualTo("{record: {x: 1, y: 2.5}, array: [1, 2], bytes: 'AQID', enum: 'DAYS', date: '2026-01-02',"
                        + " empty: null, set: ['a', 'b'], '7': 1.5}");
    }

    @Test
    void a_value_that_is_no_json_is_a_bug_that_names_its_type() {
        jar(
                "Odd",
                "implements Function<Object, Object> { public Object apply(Object given) { return new Thread(); } }");

        JsonNode error = letter("{'java': 'test.Odd'}");

        assertThat(error.get("kind").textValue()).isEqualTo("BUG");
        assertThat(error.get("message").textValue())
                .startsWith("test.Odd returned a java.lang.Thread, which is no JSON value. Return a Map");
    }

    @Test
    void a_list_that_holds_itself_is_one_failure() {
        jar("Loop", """
                implements Function<Object, Object> {
                    public Object apply(Object given) { List<Object> list = new ArrayList<>(); list.add(list); return list; }
                }""");

        assertThat(letter("{'java': 'test.Loop'}").get("message").textValue()).contains("Does it hold itself?");
    }

    @Test
    void an_unexpected_exception_is_a_bug_of_its_item_with_the_whole_chain_of_causes() {
        jar("Breaks", """
                implements Function<Map<String, Object>, Object> {
                    public Object apply(Map<String, Object> given) {
                        try { throw new java.io.IOException("disk on fire"); }
                        catch (java.io.IOException e) { throw new IllegalStateException("cannot go on", e); }
                    }
                }""");

        for (String blocking : List.of("true", "false")) {
            JsonNode error = letter("{'java': 'test.Breaks', 'blocking': " + blocking + "}");

            assertThat(error.get("kind").textValue()).isEqualTo("BUG");
            assertThat(error.get("message").textValue()).isEqualTo("test.Breaks: IllegalStateException: cannot go on");
            assertThat(error.get("step").textValue()).isEqualTo("flow/java#0");
            assertThat(error.get("causes")).hasSize(2);
            assertThat(error.get("causes").get(0).textValue())
                    .startsWith("java.lang.IllegalStateException: cannot go on (test.Breaks.apply, line ");
            assertThat(error.get("causes").get(1).textValue()).startsWith("java.io.IOException: disk on fire");
        }
    }

    @Test
    void errors_too_are_failures_of_their_items_in_a_worker_and_on_the_loop() {
        jar("Throws", """
                implements Function<Map<String, Object>, Object> {
                    public Object apply(Map<String, Object> given) {
                        switch ((String) given.get("value")) {
                            case "assert": throw new AssertionError("never");
                            case "link": throw new NoClassDefFoundError("gone/Away");
                            case "deep": return apply(given);
                            default: return "ok";
                        }
                    }
                }""");

        for (String blocking : List.of("true", "false")) {
            Millrace.Outcome outcome =
                    run("['assert', 'link', 'deep', 'fine']", "{'java': 'test.Throws', 'blocking': " + blocking + "}");

            assertThat(outcome.lines()).hasSize(1);
            assertThat(outcome.deadLetters())
                    .extracting(letter -> letter.at("/error/kind").textValue() + " "
                            + letter.at("/error/message").textValue())
                    .containsExactlyInAnyOrder(
                            "BUG test.Throws: AssertionError: never",
                            "BUG test.Throws: NoClassDefFoundError: gone/Away",
                            "BUG test.Throws: StackOverflowError");
        }
    }

    @Test
    void exceptions_that_say_what_went_wrong_have_their_kinds() {
        jar("Kinds", """
                implements Function<String, Object> {
                    public Object apply(String given) {
                        switch (given) {
                            case "bad": throw new IllegalArgumentException("no such colour");
                            case "io": throw new java.io.UncheckedIOException(new java.io.IOException("reset"));
                            default: return CompletableFuture.failedFuture(new TimeoutException("late"));
                        }
                    }
                }""");

        Millrace.Outcome outcome =
                run("['bad', 'io', 'time']", "{'java': {'class': 'test.Kinds', 'with': '${.value}'}}");

        assertThat(outcome.deadLetters())
                .extracting(letter -> letter.at("/error/kind").textValue() + " "
                        + letter.at("/error/message").textValue())
                .containsExactlyInAnyOrder(
                        "BAD_DATA test.Kinds: IllegalArgumentException: no such colour",
                        "UNREACHABLE test.Kinds: IOException: reset",
                        "TIMEOUT test.Kinds: TimeoutException: late");
    }

    @Test
    void a_class_may_throw_the_failure_it_wants() {
        PluginJars.jarWithSpi(directory.resolve("plugins/test.jar"), Map.of("Refuses", """
                implements Function<Object, Object> {
                    public Object apply(Object given) {
                        throw io.millrace.spi.Failure.build(io.millrace.spi.Failure.Kind.REJECTED, "not today").code("E7").done();
                    }
                }"""));

        JsonNode error = letter("{'java': 'test.Refuses'}");

        assertThatJson(error).isObject().containsEntry("kind", "REJECTED").containsEntry("code", "E7");
        assertThat(error.get("message").textValue()).isEqualTo("not today");
    }

    @Test
    void a_completion_stage_is_awaited_on_the_loop_without_a_thread() {
        jar("Later", """
                implements Function<Object, Object> {
                    public Object apply(Object given) {
                        return CompletableFuture.supplyAsync(() -> 42, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
                    }
                }""");

        assertThat(run("[1, 2, 3]", "{'java': 'test.Later', 'blocking': false, 'as': 'n'}")
                        .lines())
                .extracting(line -> line.get("n").intValue())
                .containsExactly(42, 42, 42);
    }

    @Test
    void a_timeout_ends_a_future_that_never_completes_and_cancels_it() {
        jar("Never", """
                implements Function<Object, Object> {
                    public Object apply(Object given) {
                        CompletableFuture<Object> never = new CompletableFuture<>();
                        never.whenComplete((value, thrown) -> System.setProperty("never.cancelled", "" + never.isCancelled()));
                        return never;
                    }
                }""");

        for (String blocking : List.of("true", "false")) {
            System.clearProperty("never.cancelled");

            JsonNode error = letter("{'java': 'test.Never', 'timeout': '50ms', 'blocking': " + blocking + "}");

            assertThat(error.get("kind").textValue()).isEqualTo("TIMEOUT");
            assertThat(System.clearProperty("never.cancelled")).isEqualTo("true");
        }
    }

    @Test
    void one_object_serves_each_instance_and_is_closed_at_the_end() {
        jar("Counts", """
                implements Function<Object, Object>, AutoCloseable {
                    private final long from;
                    private int calls;
                    private boolean within;
                    public Counts(Map<String, Object> config) { from = (Long) config.get("from"); }
                    public Object apply(Object given) {
                        if (within) throw new IllegalStateException("two at a time");
                        within = true;
                        for (int i = 0; i < 1000; i++) Thread.onSpinWait();
                        within = false;
                        return from + ++calls;
                    }
                    public void close() { System.setProperty("counts.closed", "" + calls); }
                }""");
        System.clearProperty("counts.closed");

        Millrace.Outcome outcome = millrace.run("{'source': {'range': {'count': 200}}, 'concurrency': 16, 'steps': ["
                + "{'java': {'class': 'test.Counts', 'config': {'from': '${$params.from}'}}, 'as': 'n'}],"
                + " 'params': {'from': {'type': 'integer', 'default': 1000}}}");

        assertThat(outcome.deadLetters()).isEmpty();
        assertThat(outcome.lines().stream()
                        .mapToInt(line -> line.get("n").intValue())
                        .max())
                .hasValue(1200);
        assertThat(System.clearProperty("counts.closed")).isEqualTo("200");
    }

    @Test
    void a_parallel_object_is_called_by_several_threads_at_once() {
        jar("Meets", """
                implements Function<Object, Object> {
                    private final CyclicBarrier both = new CyclicBarrier(2);
                    public Object apply(Object given) {
                        try { return both.await(20, TimeUnit.SECONDS) >= 0; } catch (Exception e) { throw new RuntimeException(e); }
                    }
                }""");

        assertThat(run("[1, 2]", "{'java': {'class': 'test.Meets', 'parallel': true}}")
                        .lines())
                .hasSize(2);
    }

    @Test
    void a_constructor_that_throws_stops_the_run_before_the_first_item() {
        jar("Cannot", """
                implements Function<Object, Object> {
                    public Cannot() { throw new IllegalStateException("no licence"); }
                    public Object apply(Object given) { return 1; }
                }""");

        Millrace.Outcome outcome = run("[1]", "{'java': 'test.Cannot'}");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.result().reason())
                .contains("test.Cannot could not be made: IllegalStateException: no licence");
    }

    @Test
    void a_jar_brings_its_own_versions_and_sees_nothing_of_the_program() {
        jar("Looks", """
                implements Function<String, Object> {
                    public Object apply(String name) {
                        try { return Class.forName(name).getName() + " " + Thread.currentThread().getContextClassLoader().getName(); }
                        catch (ClassNotFoundException e) { return "none"; }
                    }
                }""");

        Millrace.Outcome outcome = run(
                "['com.fasterxml.jackson.databind.ObjectMapper', 'io.millrace.engine.Run', 'io.millrace.spi.Failure',"
                        + " 'java.sql.Driver']",
                "{'java': {'class': 'test.Looks', 'with': '${.value}'}, 'as': 'seen'}");

        assertThat(outcome.lines())
                .extracting(line -> line.get("seen").textValue())
                .containsExactlyInAnyOrder(
                        "none", "none", "io.millrace.spi.Failure plugin test.jar", "java.sql.Driver plugin test.jar");
    }
}
