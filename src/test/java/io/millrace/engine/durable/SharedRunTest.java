package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.engine.RunResult;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.spi.DatabaseAddress;
import io.millrace.testkit.Await;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are shared by several processes, which are several engines here, each with a ledger of its own. */
class SharedRunTest {
    @TempDir
    private Path directory;

    private final ModelStore store = new ModelStore();
    private final List<Millrace> processes = new ArrayList<>();
    private final List<ModelLedger> models = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Millrace::close);
    }

    private Millrace process() {
        ModelLedger model = new ModelLedger(store);
        models.add(model);
        Ledger ledger = locked(Ledger.class, model);
        Millrace millrace = new Millrace(
                directory,
                () -> Future.<DatabaseAddress>failedFuture("no database here"),
                address -> Future.succeededFuture(ledger),
                List.of());
        processes.add(millrace);
        return millrace;
    }

    /** The model knows no threads. */
    private <T> T locked(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            synchronized (store) {
                try {
                    Object result = method.invoke(real, args);
                    return result instanceof Future<?> future ? future.map(this::lockedIfRun) : result;
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            }
        }));
    }

    private Object lockedIfRun(Object value) {
        return value instanceof Opened.Mine mine
                ? new Opened.Mine(locked(LedgerRun.class, mine.run()), mine.resumed(), mine.saved(), mine.others())
                : value;
    }

    private List<Integer> written() throws IOException {
        return Files.readAllLines(directory.resolve("out.jsonl")).stream()
                .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .toList();
    }

    private void awaitLines(int bytes) {
        await().until(() -> Files.exists(directory.resolve("out.jsonl.part"))
                && Files.size(directory.resolve("out.jsonl.part")) > bytes);
    }

    private static final String THROUGH_QUEUES = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 3000}, "to": "work"},
              "work": {"queue": {"durable": true, "capacity": 64}, "concurrency": 16,
                "steps": [{"sleep": "5ms"}, {"map": {"n": "${.value}"}}], "to": "store"},
              "store": {"queue": {"durable": true}, "sink": {"jsonl": "out.jsonl"}}}}""";

    @Test
    void two_processes_share_the_work_and_write_each_item_once() throws Exception {
        Millrace.Started first = process().start(THROUGH_QUEUES);
        awaitLines(100);
        Millrace.Started second = process().start(THROUGH_QUEUES);

        Millrace.Outcome one = first.await();
        Millrace.Outcome other = second.await();

        assertThat(one.result().reason()).isEmpty();
        assertThat(other.result().reason()).isEmpty();
        assertThat(one.exitCode()).isZero();
        assertThat(other.exitCode()).isZero();
        assertThat(written()).hasSize(3000).doesNotHaveDuplicates();
        assertThat(in(one, "work") + in(other, "work")).isEqualTo(3000);
        assertThat(in(other, "work")).isPositive();
        assertThat(Await.get(models.get(0).runs()).get(0).state()).isEqualTo(RunState.FINISHED);
    }

    private static long in(Millrace.Outcome outcome, String stage) {
        return outcome.result().last().stages().stream()
                .filter(at -> at.name().equals(stage))
                .findFirst()
                .orElseThrow()
                .in();
    }

    @Test
    void goes_on_with_the_source_and_the_file_of_a_process_that_leaves() throws Exception {
        Millrace.Started first = process().drain(Duration.ZERO).start(THROUGH_QUEUES);
        awaitLines(100);
        Millrace.Started second = process().start(THROUGH_QUEUES);
        awaitLines(2000);
        first.run().drain("a test");

        Millrace.Outcome left = first.await();
        Millrace.Outcome stayed = second.await();

        assertThat(left.result().outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(stayed.result().reason()).isEmpty();
        assertThat(stayed.exitCode()).isZero();
        assertThat(written()).hasSize(3000).doesNotHaveDuplicates();
    }

    @Test
    void goes_on_with_what_a_dead_process_had_and_lets_that_one_join_again_when_it_comes_back() throws Exception {
        Millrace.Started first = process().start(THROUGH_QUEUES);
        awaitLines(100);
        Millrace.Started second = process().start(THROUGH_QUEUES);
        awaitLines(500);
        synchronized (store) {
            models.get(0).fallSilent();
            store.pass(31);
            models.get(0).speak();
        }

        Millrace.Outcome back = first.await();
        Millrace.Outcome stayed = second.await();

        assertThat(back.result().reason()).isEmpty();
        assertThat(back.exitCode()).isZero();
        assertThat(stayed.exitCode()).isZero();
        assertThat(written()).hasSize(3000).doesNotHaveDuplicates();
    }

    private static final String BY_ONE_PROCESS = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 3000}, "to": "work"},
              "work": {"concurrency": 16, "steps": [{"sleep": "5ms"}, {"map": {"n": "${.value}"}}], "sink": {"jsonl": "out.jsonl"}}}}""";

    @Test
    void goes_on_with_a_run_that_nobody_has_taken_while_it_was_silent() throws Exception {
        Millrace.Started started = process().start(BY_ONE_PROCESS);
        awaitLines(500);
        synchronized (store) {
            models.get(0).fallSilent();
            store.pass(31);
            store.bury();
            models.get(0).speak();
        }

        Millrace.Outcome outcome = started.await();

        assertThat(outcome.result().reason()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).hasSize(3000).doesNotHaveDuplicates();
    }

    @Test
    void leaves_a_run_alone_that_another_process_has_taken_while_it_was_silent() throws Exception {
        Millrace.Started started = process().start(BY_ONE_PROCESS);
        awaitLines(500);
        synchronized (store) {
            models.get(0).fallSilent();
            store.pass(31);
            RunSummary run = Await.get(models.get(0).runs()).get(0);
            RunRequest same =
                    new RunRequest(run.flow(), run.params(), JsonNodeFactory.instance.objectNode(), false, false);
            assertThat(Await.get(new ModelLedger(store).open(same, Presence.UNHEARD)))
                    .isInstanceOf(Opened.Mine.class);
            models.get(0).speak();
        }

        Millrace.Outcome outcome = started.await();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.result().reason())
                .startsWith("Another process has taken over run 1: model (pid 1), for this one gave no sign of life");
    }

    @Test
    void ends_when_its_run_is_cancelled_by_another_process() throws Exception {
        Millrace.Started started = process().start(BY_ONE_PROCESS);
        awaitLines(500);
        synchronized (store) {
            Await.get(models.get(0).cancel(1, 130));
        }

        Millrace.Outcome outcome = started.await();

        assertThat(outcome.result().outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(outcome.result().reason()).isEqualTo("the cancelling of run 1");
        assertThat(outcome.exitCode()).isEqualTo(130);
    }

    @Test
    void a_run_that_is_cancelled_in_the_store_ends_in_all_its_processes_as_cancelled() throws Exception {
        Millrace.Started first = process().start(THROUGH_QUEUES.replace("5ms", "20ms"));
        awaitLines(100);
        Millrace.Started second = process().start(THROUGH_QUEUES.replace("5ms", "20ms"));
        awaitLines(500);
        synchronized (store) {
            Await.get(models.get(0).cancel(1, 130));
        }

        Millrace.Outcome one = first.await();
        Millrace.Outcome other = second.await();

        assertThat(one.result().outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(one.result().reason()).isEqualTo("the cancelling of run 1");
        assertThat(other.result().reason()).isEqualTo("the cancelling of run 1");
        assertThat(other.exitCode()).isEqualTo(130);
        assertThat(directory.resolve("out.jsonl")).doesNotExist();
    }

    @Test
    void keeps_the_order_of_each_key_while_processes_come_and_go() throws Exception {
        String flow = """
                {"durable": true, "stages": {
                  "numbers": {"source": {"range": 3000}, "concurrency": 1, "to": "work"},
                  "work": {"queue": {"durable": true, "key": ".value % 50", "capacity": 128}, "concurrency": 32,
                    "steps": [{"sleep": "3ms"}, {"map": {"n": "${.value}"}}], "to": "store"},
                  "store": {"queue": {"durable": true}, "concurrency": 1, "sink": {"jsonl": "out.jsonl"}}}}""";
        Millrace.Started first = process().drain(Duration.ZERO).start(flow);
        awaitLines(100);
        Millrace.Started second = process().start(flow);
        awaitLines(6000);
        first.run().drain("a test");
        first.await();
        Millrace.Started third = process().start(flow);

        Millrace.Outcome one = second.await();
        Millrace.Outcome other = third.await();

        assertThat(one.result().reason()).isEmpty();
        assertThat(other.result().reason()).isEmpty();
        List<Integer> all = written();
        assertThat(all).hasSize(3000).doesNotHaveDuplicates();
        IntStream.range(0, 50)
                .forEach(key ->
                        assertThat(all.stream().filter(n -> n % 50 == key)).isSorted());
    }

    @Test
    void begins_nothing_with_another_flow_while_others_run_it() throws Exception {
        Millrace.Started first = process().drain(Duration.ZERO).start(THROUGH_QUEUES);
        awaitLines(100);

        Millrace.Outcome refused = process().run(THROUGH_QUEUES.replace("5ms", "6ms"));
        first.run().drain("a test");
        first.await();

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.result().reason()).contains("the steps of the stage \"work\" have changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"key\": \".value % 5\""})
    void puts_each_item_into_one_group_wherever_it_came_from(String dealt) throws Exception {
        String flow = """
                {"durable": true, "stages": {
                  "numbers": {"source": {"range": 1500}, "to": "work"},
                  "work": {"queue": {"durable": true, "capacity": 64}, "concurrency": 16, "steps": [{"sleep": "10ms"}], "to": "groups"},
                  "groups": {"queue": {"durable": true%s}, "steps": [{"collect": {"by": ".value %% 5"}}, {"map": {"n": "${.count}"}}],
                    "to": "store"},
                  "store": {"queue": {"durable": true}, "sink": {"jsonl": "out.jsonl"}}}}""".formatted(dealt);
        Millrace.Started first = process().start(flow);
        Millrace.Started second = process().start(flow);

        Millrace.Outcome one = first.await();
        Millrace.Outcome other = second.await();

        assertThat(one.result().reason()).isEmpty();
        assertThat(other.result().reason()).isEmpty();
        assertThat(written()).containsExactly(300, 300, 300, 300, 300);
    }
}
