package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoopWatchTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("millrace.run");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        log.start();
        logger.addAppender(log);
        millrace = new Millrace(directory, () -> Future.failedFuture("no database")).slowStep(Duration.ofMillis(40));
        PluginJars.jar(directory.resolve("plugins/test.jar"), Map.of("Busy", """
                implements Function<Map<String, Object>, Object> {
                    public Object apply(Map<String, Object> given) {
                        long end = System.nanoTime() + (Long) given.get("value") * 1_000_000;
                        while (System.nanoTime() < end) Thread.onSpinWait();
                        return 1;
                    }
                }"""));
    }

    @AfterEach
    void close() {
        millrace.close();
        logger.detachAppender(log);
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(text -> text.contains("event loop"))
                .toList();
    }

    @Test
    void a_step_that_holds_its_loop_is_told_of_with_flow_stage_step_and_what_to_do() {
        millrace.run("{'name': 'orders', 'stages': {'parse': {'source': {'values': [300]}, 'sink': 'discard',"
                + " 'steps': [{'map': {'value': '${.value}'}}, {'java': 'test.Busy', 'blocking': false}]}}}");

        assertThat(warnings().get(0))
                .isEqualTo(
                        "flow orders, stage parse: step parse/java#1 has held its event loop for more than 40 ms, and all else"
                                + " on that loop waits. Set \"blocking\": true on it.");
        assertThat(log.list.get(0).getLevel()).hasToString("WARN");
    }

    @Test
    void it_is_told_once_and_the_sum_at_the_end() {
        millrace.run("{'source': {'values': [200, 200, 200]}, 'sink': 'discard',"
                + " 'steps': [{'java': 'test.Busy', 'blocking': false}]}");

        assertThat(warnings()).hasSize(2);
        assertThat(warnings().get(1))
                .matches("flow flow: step flow/java#0 has held its event loop 3 times, for \\d+ ms at the longest\\.");
    }

    @Test
    void a_long_filter_is_told_of_too_while_it_still_runs() {
        Millrace.Started started =
                millrace.start("{\"source\": {\"values\": [1, 2]}, \"sink\": \"discard\", \"steps\": ["
                        + "{\"name\": \"sum\", \"set\": {"
                        + IntStream.range(0, 12)
                                .mapToObj(n -> "\"n" + n + "\": \"${reduce range(400000) as $i (" + n + "; . + $i)}\"")
                                .collect(Collectors.joining(", "))
                        + "}}]}");

        started.await();

        assertThat(warnings().get(0)).contains("step flow/sum#0 has held its event loop");
    }

    @Test
    void steps_of_a_block_that_hold_the_loop_together_are_told_of_though_each_is_short() {
        millrace.run("{'source': {'values': [1]}, 'sink': 'discard', 'steps': ["
                + "{'each': {'in': 'range(300)', 'concurrency': 1, 'do': [{'map': {'value': 1}}, {'java': 'test.Busy',"
                + " 'blocking': false}]}}]}");

        assertThat(warnings().get(0))
                .contains("step flow/each#0")
                .contains("has held its event loop for more than 40 ms");
    }

    @Test
    void one_short_hold_is_not_told_of() {
        millrace.slowStep(Duration.ofMillis(200))
                .run(
                        "{'source': {'values': [400, 1, 1]}, 'sink': 'discard', 'steps': [{'java': 'test.Busy', 'blocking':"
                                + " false}]}");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void the_same_step_in_a_worker_holds_no_loop() {
        millrace.slowStep(Duration.ofMillis(400))
                .run("{'source': {'values': [1000]}, 'sink': 'discard', 'steps': [{'java': 'test.Busy'},"
                        + " {'sleep': '600ms'}]}");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void nothing_is_told_where_the_limit_is_zero() {
        millrace.slowStep(Duration.ZERO)
                .run("{'source': {'values': [300]}, 'sink': 'discard', 'steps': [{'java': 'test.Busy', 'blocking':"
                        + " false}]}");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void a_loop_that_does_not_answer_for_another_reason_is_told_of_with_what_its_thread_does() {
        LoopWatch watch = new LoopWatch("orders", Duration.ZERO);
        VertxLoop loop = new VertxLoop(millrace.vertx().getOrCreateContext());
        AtomicBoolean told = new AtomicBoolean();

        loop.execute(() -> {
            watch.loop(loop);
            while (!told.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            await().atMost(Duration.ofSeconds(25)).until(() -> !warnings().isEmpty());
        } finally {
            told.set(true);
            watch.close();
        }

        assertThat(warnings().get(0))
                .matches("flow orders: event loop .* has not answered for \\d s, and no step holds it\\. It is at .*"
                        + "LoopWatchTest.*");
    }

    @Test
    void the_block_around_two_steps_is_the_innermost_that_holds_both() {
        assertThat(LoopWatch.around("a/each#0/map#1", "a/each#0/map#1")).isEqualTo("a/each#0/map#1");
        assertThat(LoopWatch.around("a/each#0/map#1", "a/each#0/set#0")).isEqualTo("a/each#0");
        assertThat(LoopWatch.around("a/each#0", "a/each#0/set#0")).isEqualTo("a/each#0");
        assertThat(LoopWatch.around("a/each#0/set#0", "a/each#0")).isEqualTo("a/each#0");
        assertThat(LoopWatch.around("a/each#1", "a/each#10")).isEqualTo("a");
        assertThat(LoopWatch.around("a", "b")).isEqualTo("a");
    }
}
