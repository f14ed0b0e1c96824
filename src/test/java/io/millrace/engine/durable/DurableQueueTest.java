package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.RunState;
import io.millrace.spi.DatabaseAddress;
import io.millrace.testkit.Await;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues in the store, in flows that are run in this process. */
class DurableQueueTest {
    @TempDir
    private Path directory;

    private final ModelStore store = new ModelStore();
    private final List<Millrace> processes = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final AtomicInteger backlogs = new AtomicInteger();

    @AfterEach
    void end() {
        processes.forEach(Millrace::close);
        ledgers.forEach(ledger -> Await.get(ledger.close()));
    }

    private Millrace process() {
        Ledger ledger = locked(Ledger.class, new ModelLedger(store));
        ledgers.add(ledger);
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
            if (method.getName().equals("backlog")) {
                backlogs.incrementAndGet();
            }
            synchronized (store) {
                Object result = method.invoke(real, args);
                return result instanceof Future<?> future ? future.map(this::lockedIfRun) : result;
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

    private static final String THROUGH_A_QUEUE = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 2000}, "to": "work"},
              "work": {"queue": {"durable": true}, "concurrency": 64,
                "steps": [%s {"map": {"n": "${.value}"}}], "sink": {"jsonl": "out.jsonl"}}}}""";

    @Test
    void works_off_a_queue_that_lies_in_the_store() throws Exception {
        Millrace.Outcome outcome = process().run(THROUGH_A_QUEUE.formatted(""));

        assertThat(outcome.result().reason()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).hasSize(2000).doesNotHaveDuplicates();
        assertThat(Await.get(ledgers.get(0).runs()).get(0).state()).isEqualTo(RunState.FINISHED);
    }

    @Test
    void goes_on_with_what_is_still_queued() throws Exception {
        String flow = THROUGH_A_QUEUE.formatted("{\"sleep\": \"5ms\"},");
        Millrace.Started first = process().drain(Duration.ZERO).start(flow);
        await().until(() -> Files.exists(directory.resolve("out.jsonl.part"))
                && Files.size(directory.resolve("out.jsonl.part")) > 1000);
        first.run().drain("a test");
        first.await();

        long left = Await.get(ledgers.get(0).work()).get(0).queues().get("work").all();
        Millrace.Started second = process().start(flow);
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> second.run().snapshot().stages().stream().anyMatch(stage -> stage.stored() > 0));
        Millrace.Outcome resumed = second.await();

        assertThat(resumed.exitCode()).isZero();
        assertThat(left).isPositive();
        assertThat(resumed.result().last().kept().orElseThrow().resumed()).isTrue();
        assertThat(resumed.result().last().kept().orElseThrow().done()).isEqualTo(4000);
        assertThat(written()).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void crawls_each_page_once_over_a_cycle() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "stages": {
              "start": {"source": {"values": [1]}, "steps": [{"map": {"n": "${.value}"}}], "to": "pages"},
              "pages": {"queue": {"unique": ".n"}, "concurrency": 8, "steps": [
                  {"emit": {"to": "pages", "each": ".n * 2, .n * 2 + 1, (.n / 2 | floor) | select(. > 0 and . < 500)", "item": {"n": "${.}"}}}],
                "sink": {"jsonl": "out.jsonl"}}}}""");

        assertThat(outcome.result().reason()).isEmpty();
        assertThat(written())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(1, 500).boxed().toList());
    }

    @Test
    void keeps_what_a_timer_yields_before_it_is_worked_on() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "source": {"timer": {"every": "5ms", "count": 5}}, "queue": {"durable": true},
             "steps": [{"map": {"n": "${.tick}"}}], "sink": {"jsonl": "out.jsonl"}}""");

        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).hasSize(5);
    }

    @Test
    void runs_items_of_one_key_in_order() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 300}, "concurrency": 1, "to": "work"},
              "work": {"queue": {"durable": true, "key": ".value % 3"}, "concurrency": 8, "instances": 2,
                "steps": [{"sleep": "${[1, 3, 2][.value % 3] | \\"\\\\(.)ms\\"}"}, {"map": {"n": "${.value}"}}], "sink": {"jsonl": "out.jsonl"}}}}""");

        assertThat(outcome.result().reason()).isEmpty();
        for (int key = 0; key < 3; key++) {
            int of = key;
            assertThat(written().stream().filter(n -> n % 3 == of)).isSorted().hasSize(100);
        }
    }

    @Test
    void a_record_that_becomes_more_than_may_be_held_is_one_dead_letter() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "limits": {"hold": "64KB"}, "source": {"values": [1, 5000, 2]},
             "steps": [{"split": "range(.value)", "as": "n"}, {"map": {"n": "${.n}"}}], "sink": {"jsonl": "out.jsonl"}}""");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(written()).containsExactlyInAnyOrder(0, 0, 1);
        assertThat(Await.get(ledgers.get(0).deadLetters(1, 0, 9)))
                .singleElement()
                .satisfies(kept ->
                        assertThat(kept.letter().error().path("kind").asText()).isEqualTo("LIMIT"));
    }

    @Test
    void flushes_groups_when_all_queues_are_dry() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 25}, "to": "work"},
              "work": {"queue": {"durable": true}, "steps": [{"collect": {"items": 10, "wait": "1h"}}, {"map": {"n": "${.count}"}}],
                "sink": {"jsonl": "out.jsonl"}}}}""");

        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).containsExactly(10, 10, 5);
    }

    @Test
    void lets_no_group_leave_before_rows_that_wait_for_their_retry() throws Exception {
        Millrace.Started started = process().start("""
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 25}, "to": "work"},
              "work": {"queue": {"durable": true}, "retry": {"attempts": 2, "backoff": "20m"}, "steps": [
                {"raise": {"message": "not yet", "kind": "TIMEOUT"}, "when": ".value == 3 and $meta.attempt < 2"}], "to": "groups"},
              "groups": {"steps": [{"collect": {"items": 10, "wait": "1h"}}, {"map": {"n": "${.count}"}}],
                "sink": {"jsonl": "out.jsonl"}}}}""");
        await().until(() -> started.run().snapshot().stages().stream()
                .anyMatch(stage -> stage.name().equals("groups") && stage.in() == 24));
        int before = backlogs.get();
        await().until(() -> backlogs.get() > before + 2); // as often as groups may have left by mistake
        synchronized (store) {
            store.pass(1200);
        }

        Millrace.Outcome outcome = started.await();

        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).containsExactly(10, 10, 5);
    }

    @Test
    void flushes_groups_of_a_queue_in_memory() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 25}, "to": "work"},
              "work": {"steps": [{"collect": {"items": 10}}, {"map": {"n": "${.count}"}}],
                "sink": {"jsonl": "out.jsonl"}}}}""");

        assertThat(outcome.exitCode()).isZero();
        assertThat(written()).containsExactly(10, 10, 5);
    }
}
