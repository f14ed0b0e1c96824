package io.millrace.connect.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocking calls whose items are cancelled. */
class UnstoppableCallsTest {
    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        System.clearProperty("release");
        millrace = new Millrace(directory, () -> Future.failedFuture("no database"));
        PluginJars.jar(
                directory.resolve("plugins/test.jar"),
                Map.of(
                        "Spins", """
                        implements Function<Map<String, Object>, Object>, AutoCloseable {
                            public Object apply(Map<String, Object> given) {
                                while ("spin".equals(given.get("value")) && System.getProperty("release") == null) Thread.onSpinWait();
                                return "done";
                            }
                            public void close() { System.setProperty("spins.closed", "yes"); }
                        }""",
                        "Waits", """
                        implements Function<Object, Object> {
                            public Object apply(Object given) {
                                try { new CountDownLatch(1).await(); return "never"; }
                                catch (InterruptedException e) { throw new RuntimeException(e); }
                            }
                        }"""));
    }

    @AfterEach
    void close() {
        System.setProperty("release", "now");
        millrace.close();
    }

    private static String flow(String values, String step) {
        return ("{'workers': {'own': {'threads': 1}}, 'stages': {'main': {'source': {'values': " + values
                        + "}, 'steps': [" + step + "], 'sink': 'stdout'}}}")
                .replace('\'', '"');
    }

    @Test
    void a_call_that_reacts_to_an_interrupt_leaves_nothing_behind() {
        Millrace.Outcome outcome = millrace.start(
                        flow("[1, 2, 3]", "{'java': 'test.Waits', 'blocking': 'own', 'timeout': '50ms'}"))
                .await();

        assertThat(outcome.deadLetters())
                .hasSize(3)
                .allSatisfy(letter ->
                        assertThat(letter.at("/error/kind").textValue()).isEqualTo("TIMEOUT"));
        assertThat(outcome.result().last().stages().get(0).leftBehind()).isZero();
        assertThat(outcome.result().last().elapsed()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_call_that_does_not_is_counted_holds_its_thread_and_does_not_hold_the_run_up() {
        System.clearProperty("spins.closed");

        Millrace.Outcome outcome = millrace.start(
                        flow("['spin']", "{'java': 'test.Spins', 'blocking': 'own', 'timeout': '50ms'}"))
                .await();

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.deadLetters().get(0).at("/error/kind").textValue()).isEqualTo("TIMEOUT");
        assertThat(outcome.result().last().stages().get(0).leftBehind()).isEqualTo(1);
        assertThat(System.getProperty("spins.closed")).isNull();
    }

    @Test
    void what_waits_for_the_thread_of_such_a_call_runs_when_it_ends() {
        Millrace.Started started = millrace.start(flow(
                "['spin', 'next']",
                "{'java': 'test.Spins', 'blocking': 'own', 'timeout': '300ms', 'when': '.value == \\'spin\\''},"
                        + "{'java': 'test.Spins', 'blocking': 'own', 'as': 'second', 'when': '.value != \\'spin\\''}"));

        await().until(() -> started.run().snapshot().stages().get(0).leftBehind() == 1);
        assertThat(started.run().snapshot().stages().get(0).out()).isZero();
        System.setProperty("release", "now");
        Millrace.Outcome outcome = started.await();

        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.result().last().stages().get(0).leftBehind()).isZero();
    }
}
