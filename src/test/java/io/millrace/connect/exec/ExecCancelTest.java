package io.millrace.connect.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestScope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How programs end that do not end by themselves. */
class ExecCancelTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void cancelling_ends_the_program_and_all_it_has_started_and_then_fails() {
        Running running = start("{command: ['sh', '-c', 'echo $$ > pids; sh -c \"sleep 60; true\" & echo $! >> pids;"
                + " (sleep 61 & echo $! >> pids); echo done >> pids; wait']}");
        List<Long> tree = pids(3);

        running.cancel();

        assertThat(alive(tree)).isEmpty();
        assertThat(running.failure().kind()).isEqualTo(Failure.Kind.CANCELLED);
        assertThat(((TestScope) running.frame.scope()).registrations()).isZero();
    }

    @Test
    void gives_the_program_time_to_end_by_itself() {
        Running running = start("{command: ['sh', '-c', 'trap \"echo bye > said; exit\" TERM; echo $$ > pids;"
                + " echo done >> pids; while :; do sleep 0.02; done'], grace: '10s'}");
        List<Long> tree = pids(1);

        running.cancel();

        assertThat(directory.resolve("said")).hasContent("bye");
        assertThat(alive(tree)).isEmpty();
    }

    @Test
    void kills_what_does_not_listen_when_the_grace_is_over() {
        Running running = start("{command: ['sh', '-c', 'trap \"\" TERM; sleep 60 & echo $$ > pids; echo $! >> pids;"
                + " echo done >> pids; wait'], grace: '50ms'}");
        List<Long> tree = pids(2);

        running.cancel();

        assertThat(alive(tree)).isEmpty();
    }

    @Test
    void a_step_that_is_cancelled_before_it_starts_starts_nothing() {
        TestAssembly assembly = new TestAssembly(vertx).in(directory);
        TestFrame frame = new TestFrame(vertx, "{}");
        Await.onLoop(vertx, () -> frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "cancelled")));

        Failure failure = (Failure) Await.failure(Future.future(
                promise -> vertx.runOnContext(go -> assembly.step(new ExecStepType(), "{command: ['touch', 'started']}")
                        .run(frame)
                        .onComplete(promise))));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.CANCELLED);
        assertThat(directory.resolve("started")).doesNotExist();
    }

    @Test
    void a_child_left_behind_that_holds_the_pipe_is_ended_and_the_output_kept() {
        long before = System.nanoTime();

        JsonNode value = start("{command: ['sh', '-c', 'echo out; sleep 60 & echo $! > pids; echo done >> pids']}")
                .value();

        assertThat(value.get("stdout").textValue()).isEqualTo("out\n");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
        assertThat(alive(pids(1))).isEmpty();
    }

    @Test
    void a_child_left_behind_that_holds_no_pipe_is_left_alone() {
        start("{command: ['sh', '-c', 'sleep 60 >/dev/null 2>&1 & echo $! > pids; echo done >> pids']}")
                .value();

        List<Long> left = pids(1);

        assertThat(alive(left)).isEqualTo(left);
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void a_program_that_prints_too_much_is_ended_and_fails_with_limit() {
        Failure failure = start(
                        "{command: ['sh', '-c', 'echo $$ > pids; echo done >> pids; while :; do echo abcdefgh; done'],"
                                + " maxOutput: '1KB'}")
                .failure();

        assertThat(failure.kind()).isEqualTo(Failure.Kind.LIMIT);
        assertThat(failure.message()).contains("standard output", "maxOutput");
        assertThat(alive(pids(1))).isEmpty();
    }

    @Test
    void standard_error_is_bounded_too() {
        Failure failure = start("{command: ['sh', '-c', 'while :; do echo abcdefgh >&2; done'], maxOutput: '1KB'}")
                .failure();

        assertThat(failure.message()).contains("standard error");
    }

    private Running start(String settings) {
        TestAssembly assembly = new TestAssembly(vertx).in(directory);
        TestFrame frame = new TestFrame(vertx, "{}");
        Future<JsonNode> result = Future.future(promise -> vertx.runOnContext(
                go -> assembly.step(new ExecStepType(), settings).run(frame).onComplete(promise)));
        return new Running(frame, result);
    }

    private final class Running {
        private final TestFrame frame;
        private final Future<JsonNode> result;

        Running(TestFrame frame, Future<JsonNode> result) {
            this.frame = frame;
            this.result = result;
        }

        void cancel() {
            Await.onLoop(vertx, () -> frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "cancelled")));
        }

        JsonNode value() {
            return Await.get(result);
        }

        Failure failure() {
            return (Failure) Await.failure(result);
        }
    }

    /** What the programs wrote down, once all have. */
    private List<Long> pids(int count) {
        Path file = directory.resolve("pids");
        await().until(() -> Files.exists(file) && Files.readString(file).contains("done"));
        try {
            List<Long> pids = Files.readAllLines(file).stream()
                    .filter(line -> !line.equals("done"))
                    .map(Long::valueOf)
                    .toList();
            assertThat(pids).hasSize(count);
            return pids;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Long> alive(List<Long> pids) {
        return pids.stream().filter(ProcessTree::isAlive).toList();
    }
}
