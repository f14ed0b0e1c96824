package io.millrace.cli;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.control.ControlSocket;
import io.millrace.engine.Engine;
import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.flow.CheckedFlow;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code top}, of runs in processes beside and of a model of a store. */
class TopCommandTest {
    private static final String[] ONCE = {"top", "--once", "--interval", "1ms"};

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final ModelLedger ledger = new ModelLedger(new ModelStore());
    private Bench bench;
    private ControlSocket socket;

    @BeforeEach
    void open() throws IOException {
        bench = new Bench(folder);
        bench.ledger = ledger;
        Files.createDirectory(folder.resolve(".millrace"));
        socket = new ControlSocket(vertx, new Scripted(), bench.sockets());
        Path listening = folder.resolve("sockets/" + ProcessHandle.current().pid() + ".sock");
        Awaitility.await().until(() -> Files.exists(listening));
    }

    @AfterEach
    void close() {
        Await.get(socket.close());
        Await.get(vertx.close());
    }

    private final class Scripted implements Engine {
        @Override
        public Run start(CheckedFlow flow, RunOptions options) {
            throw new UnsupportedOperationException("runs are there already");
        }

        @Override
        public List<Run> runs() {
            return runs;
        }
    }

    private LedgerRun stored(String flow) {
        RunRequest request = new RunRequest(flow, "p", object(), true, true);
        return ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static List<Enqueued> rows(String stage, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> new Enqueued(stage, object(), object()))
                .toList();
    }

    /** A run with something of everything. */
    private LedgerRun crawl() {
        LedgerRun run = stored("crawl");
        Await.get(run.commit(Commit.NOTHING
                .withProgress(List.of(new Progress(
                        "urls",
                        "",
                        object(),
                        120,
                        null,
                        List.of(new Progress.Pending(3, 20, object(), object())),
                        false)))
                .withEnqueued(rows("pages", 30))
                .withFiles(List.of(new FileMark("store", "out.jsonl", "model", 9, 1, FileMark.State.PART)))
                .withDead(List.of(new DeadLetter("pages", object(), object(), object())))
                .withCounts(Map.of("records", 1_100L, "records urls", 100L, "records pages", 1_000L))));
        Await.get(run.lease("source", "urls"));
        Await.get(run.lease("bucket pages", List.of("1", "2", "77")));
        Await.get(run.claim("pages", 12, null));
        return run;
    }

    private List<String> out() {
        return bench.out().lines().toList();
    }

    @Test
    void shows_how_far_a_run_of_the_store_is_and_which_process_does_what() {
        LedgerRun run = crawl();

        assertThat(bench.run(ONCE)).isZero();

        assertThat(out().get(0)).matches("millrace top  \\d\\d:\\d\\d:\\d\\d  1 run, 1 process");
        assertThat(out().get(2)).matches("run +flow +state +for +done +pending +rate/s +dead");
        assertThat(out().get(3)).matches(run.id() + " +crawl +running +.* 1,100 +50 +0 +1");
        assertThat(out().get(5)).isEqualTo("run 1  crawl");
        assertThat(out().get(6)).matches("  stage +in flight +queued +later +done/s +failed +dead");
        assertThat(out().get(7)).matches("  urls +0 +0 +0 +0 +0 +0");
        assertThat(out().get(8)).matches("  pages +12 +18 +0 +0 +0 +1");
        assertThat(out().get(10))
                .matches("  model:1 +0 s +reads urls, 3 of 256 keys of pages, writes out.jsonl, 12 items of pages");
        assertThat(bench.closed).isTrue();
    }

    @Test
    void shows_a_run_that_nobody_works_on_without_more_words() {
        Await.get(crawl().close(RunState.UNFINISHED, 0));
        Await.get(stored("done").close(RunState.FINISHED, 0));

        bench.run(ONCE);

        assertThat(out()).hasSize(4);
        assertThat(out().get(3)).matches("1 +crawl +unfinished +.* 1,100 +50 +0 +1");
    }

    @Test
    void shows_a_plain_run_by_what_its_process_says() {
        runs.add(new ScriptedRun());

        bench.run(ONCE);

        assertThat(out().get(3)).matches("5c1f0b3e +flow +running +12.3 s +1,240 +7,569 +0 +0");
        assertThat(out().get(7)).matches("  pages +64 +1,024 +0 +0 +2 +0");
        assertThat(out().get(10)).matches("  \\S+:" + ProcessHandle.current().pid() + " +- +all of it");
    }

    @Test
    void says_when_nothing_is_under_way() {
        assertThat(bench.run(ONCE)).isZero();

        assertThat(out().get(1)).isEqualTo("nothing is under way");
    }

    @Test
    void shows_only_what_is_asked_for() {
        crawl();
        stored("other");
        runs.add(new ScriptedRun());

        bench.run("top", "crawl", "--once", "--interval", "1ms");
        assertThat(bench.out()).contains("1 run,", "crawl").doesNotContain("other", "flow  running");

        bench.out.reset();
        bench.run("top", "2", "--once", "--interval", "1ms");
        assertThat(bench.out()).contains("1 run,", "other").doesNotContain("crawl");
    }

    @Test
    void prints_all_of_it_as_json_for_other_programs() {
        crawl();

        assertThat(bench.run("top", "--once", "--json", "--interval", "1ms")).isZero();

        assertThat(out()).hasSize(1);
        assertThatJson(out().get(0))
                .isEqualTo("{ at: '${json-unit.any-string}', runs: [{ run: '1', flow: 'crawl', state: 'running',"
                        + " elapsedMs: '${json-unit.any-number}', done: 1100, pending: 50, perSecond: 0.0, deadLetters: 1,"
                        + " stages: ["
                        + " { name: 'urls', inFlight: 0, queued: 0, later: 0, done: 100, perSecond: 0.0, failed: 0, deadLetters: 0 },"
                        + " { name: 'pages', inFlight: 12, queued: 18, later: 0, done: 1000, perSecond: 0.0, failed: 0, deadLetters: 1 }],"
                        + " sources: [{ stage: 'urls', part: '', read: 120, open: 20, ended: false }],"
                        + " processes: [{ host: 'model', pid: 1, sinceBeatMs: 0, does: ['reads urls', '3 of 256 keys of pages',"
                        + " 'writes out.jsonl', '12 items of pages'] }] }] }");
    }

    @Test
    void a_store_that_cannot_be_reached_is_told_and_gives_exit_code_1() {
        bench.ledger = null;

        assertThat(bench.run(ONCE)).isEqualTo(1);

        assertThat(bench.err()).isEqualTo("error: the store cannot be asked: no store on this bench\n");
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void starts_no_server_where_there_is_no_store() {
        assertThat(bench.run("top", "--once", "--interval", "1ms", "--state-dir", "none"))
                .isZero();

        assertThat(bench.closed).isFalse();
    }

    @Test
    void prints_one_table_where_nobody_sees_it_at_once() {
        assertThat(bench.run("top", "--interval", "1ms")).isZero();

        assertThat(bench.out()).contains("nothing is under way").doesNotContain("\u001b");
    }

    @Test
    void prints_one_table_on_a_terminal_that_cannot_be_drawn_on() {
        bench.terminal = true;
        bench.environment.put("NO_COLOR", "1");

        assertThat(bench.run("top", "--interval", "1ms")).isZero();

        assertThat(bench.out()).contains("nothing is under way").doesNotContain("\u001b");
    }

    /** A screen whose user does something at each page, and then presses q. */
    private final class Keys implements Screen {
        private final Deque<Runnable> turns = new ArrayDeque<>();
        private final int columns;
        private final int rows;
        private int seen;
        boolean closed;

        Keys(int columns, int rows) {
            this.columns = columns;
            this.rows = rows;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int key(Duration wait) {
            if (pages().size() == seen) {
                return NONE;
            }
            seen = pages().size();
            if (turns.isEmpty()) {
                return 'q';
            }
            turns.remove().run();
            return NONE;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Keys screen(int columns, int rows) {
        Keys keys = new Keys(columns, rows);
        bench.terminal = true;
        bench.environment.put("NO_COLOR", "1");
        bench.screen = Optional.of(keys);
        return keys;
    }

    /** What the terminal showed, page after page. */
    private List<String> pages() {
        List<String> pages = new ArrayList<>(List.of(bench.out().split("\u001b\\[H")));
        pages.remove(0);
        return pages.stream()
                .map(page -> page.replaceAll("\u001b\\[[?0-9;]*[A-Za-z]", ""))
                .toList();
    }

    @Test
    void draws_the_table_anew_until_q_is_pressed_and_leaves_the_terminal_as_it_was() {
        LedgerRun run = crawl();
        Keys keys = screen(100, 40);
        keys.turns.add(() -> Await.get(run.commit(Commit.NOTHING.withCounts(Map.of("records", 2_000L)))));

        assertThat(bench.run("top", "--interval", "1ms")).isZero();

        assertThat(pages()).hasSizeGreaterThan(1);
        assertThat(pages().get(0)).contains(" 1,100 ").endsWith("q ends");
        assertThat(pages().get(pages().size() - 1)).contains(" 2,000 ");
        assertThat(bench.out()).startsWith("\u001b[?1049h\u001b[?25l").endsWith("\u001b[?25h\u001b[?1049l");
        assertThat(keys.closed).isTrue();
    }

    @Test
    void fits_into_the_terminal() {
        crawl();
        screen(40, 9);

        bench.run("top", "--interval", "1ms");

        List<String> lines = pages().get(0).lines().toList();
        assertThat(lines)
                .hasSize(9)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(lines.get(3)).endsWith("…");
        assertThat(lines.get(8)).isEqualTo("3 more lines; q ends");
    }

    @Test
    void a_signal_ends_it_with_its_exit_code() {
        Keys keys = screen(100, 40);
        keys.turns.add(() -> bench.signal(Signals.Kind.INT));

        assertThat(bench.run("top", "--interval", "1h")).isEqualTo(130);

        assertThat(bench.out()).endsWith("\u001b[?1049l");
    }

    @Test
    void goes_on_without_the_store_while_that_is_away_and_says_so() {
        runs.add(new ScriptedRun());
        boolean[] away = {false};
        bench.ledger = (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, args) -> away[0] ? Future.failedFuture("gone fishing") : method.invoke(ledger, args));
        Keys keys = screen(100, 40);
        keys.turns.add(() -> away[0] = true);

        assertThat(bench.run("top", "--interval", "1ms")).isZero();

        String last = pages().get(pages().size() - 1);
        assertThat(last).contains("the store cannot be asked: gone fishing", "5c1f0b3e");
    }
}
