package io.millrace.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerBench;
import io.millrace.ledger.LedgerContract;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Presence;
import io.millrace.spi.Failure;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.CuttingProxy;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's contract on a real server, and what only a server can do to it. */
class PostgresLedgerTest extends LedgerContract {
    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static EmbeddedPostgres server;
    private PostgresBench here;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = EmbeddedPostgres.start(stateDir);
    }

    @AfterAll
    static void stop() {
        Await.get(vertx.close());
        server.close();
    }

    @Override
    protected LedgerBench open() {
        here = new PostgresBench(vertx, server);
        return here;
    }

    @Test
    void a_deferred_constraint_is_refused_before_commit() {
        LedgerRun run = mine(process()).run();

        Outcome outcome = Await.get(run.commit(Commit.NOTHING
                .withProgress(List.of(at("a", 1)))
                .withParticipants(List.of(PostgresBench.row("1", "unknown")))));
        Outcome next = Await.get(run.commit(Commit.NOTHING.withParticipants(List.of(row("2")))));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.failure().code()).isEqualTo("23503"));
        assertThat(next).isEqualTo(new Outcome.Committed(1));
        assertThat(rows()).containsExactly("2");
    }

    @Test
    void a_participant_that_hides_its_failure_cannot_have_the_transaction_committed() {
        LedgerRun run = mine(process()).run();

        Outcome outcome = Await.get(run.commit(Commit.NOTHING.withParticipants(
                List.of(row("1"), transaction -> row("bad").apply(transaction).otherwise(List.of())))));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.failure().code()).isEqualTo("25P02"));
        assertThat(rows()).isEmpty();
    }

    @Test
    void a_rollback_for_another_transaction_s_sake_is_tried_again() {
        LedgerRun run = mine(process()).run();
        List<String> calls = new ArrayList<>();

        Outcome outcome = Await.get(run.commit(Commit.NOTHING.withParticipants(List.of(row("1"), transaction -> {
            calls.add("call");
            return calls.size() < 3
                    ? Future.failedFuture(Failure.build(Failure.Kind.REJECTED, "deadlock detected")
                            .code("40P01")
                            .done())
                    : Future.succeededFuture(List.of());
        }))));

        assertThat(outcome).isEqualTo(new Outcome.Committed(1));
        assertThat(calls).hasSize(3);
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void a_full_disk_is_waited_out_however_well_the_server_can_be_reached() {
        Ledger process = process();
        Heard heard = new Heard();
        LedgerRun run = ((Opened.Mine) Await.get(process.open(request("p", false), heard))).run();
        List<String> calls = new ArrayList<>();

        committed(run, Commit.NOTHING.withParticipants(List.of(row("1"), transaction -> {
            calls.add("call");
            return calls.size() < 4
                    ? Future.failedFuture(Failure.build(Failure.Kind.UNREACHABLE, "disk full")
                            .code("53100")
                            .done())
                    : Future.succeededFuture(List.of());
        })));

        assertThat(heard.events).containsExactly("away", "back");
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void the_fence_alone_keeps_out_a_process_whose_backend_cannot_be_ended() {
        CuttingProxy proxy = new CuttingProxy(here.address());
        proxy.hidePids();
        Ledger sleeper = here.process(proxy, Duration.ofSeconds(10));
        LedgerRun stale = mine(sleeper).run();
        long inc = stale.inc();

        fallsSilent(sleeper);
        Opened.Mine taken = mine(process());
        Outcome late = Await.get(stale.commit(Commit.NOTHING.withParticipants(List.of(row("stale")))));

        assertThat(late).isInstanceOf(Outcome.Fenced.class);
        assertThat(stale.inc()).isEqualTo(inc);
        committed(taken.run(), Commit.NOTHING.withParticipants(List.of(row("1"))));
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void a_letter_that_cannot_be_read_does_not_hide_the_others() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        ObjectNode strange = json("{}").put("half \ud83d name", 1);

        committed(
                run,
                Commit.NOTHING.withDead(List.of(
                        new DeadLetter("s", strange, json("{}"), json("{}")),
                        new DeadLetter("s", json("{\"n\": 1}"), json("{}"), json("{}")))));

        assertThat(Await.get(process.deadLetters(run.id(), 0, 10)))
                .extracting(letter -> letter.letter().document().toString())
                .containsExactly("\"{\\\"half \\\\uD83D name\\\":1}\"", "{\"n\":1}");
    }

    @Test
    void a_late_commit_of_a_backend_that_cannot_be_ended_is_waited_for() {
        CuttingProxy proxy = new CuttingProxy(here.address());
        proxy.hidePids();
        Ledger process = here.process(proxy, Duration.ofSeconds(10));
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withParticipants(List.of(row("1"))));

        proxy.hold();
        Future<Outcome> unsure = run.commit(Commit.NOTHING.withParticipants(List.of(row("2"))));
        Awaitility.await()
                .atMost(4, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(this::somebodyWaits);
        proxy.release();

        assertThat(Await.get(unsure)).isEqualTo(new Outcome.Committed(2));
        committed(run, Commit.NOTHING.withParticipants(List.of(row("3"))));
        assertThat(rows()).containsExactly("1", "2", "3");
    }

    @Test
    void a_line_that_carries_nothing_any_more_is_given_up() {
        CuttingProxy proxy = new CuttingProxy(here.address());
        Ledger process = here.process(proxy, Duration.ofMillis(100));
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withParticipants(List.of(row("1"))));

        proxy.blackHole();
        committed(run, Commit.NOTHING.withParticipants(List.of(row("2"))));

        assertThat(rows()).containsExactly("1", "2");
    }

    @Test
    void where_one_line_is_dead_the_others_are_not_trusted_either() {
        Duration patience = Duration.ofSeconds(2);
        CuttingProxy proxy = new CuttingProxy(here.address());
        LedgerRun run = mine(here.process(proxy, patience)).run();
        Await.get(run.claim("pages", 1, null));

        proxy.blackHole();
        committed(run, Commit.NOTHING.withParticipants(List.of(row("1"))));
        long begin = System.nanoTime();
        Await.get(run.claim("pages", 1, null));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(patience);
    }

    @Test
    void a_slow_statement_is_not_taken_for_a_dead_line() {
        Ledger process = here.process(here::direct, Duration.ofMillis(100));
        LedgerRun run = mine(process).run();
        long inc = run.inc();

        committed(
                run,
                Commit.NOTHING.withParticipants(List.of(transaction -> transaction
                        .connection(SqlConnection.class)
                        .query("SELECT pg_sleep(1)")
                        .execute()
                        .map(done -> List.of()))));

        assertThat(run.inc()).isEqualTo(inc);
    }

    @Test
    void waits_for_a_store_that_is_away_and_says_so_once() {
        Ledger process = process();
        Heard heard = new Heard();
        LedgerRun run = ((Opened.Mine) Await.get(process.open(request("p", false), heard))).run();
        here.proxy(process).refuse(true);
        cut(process, Cut.ANSWER_LOST);

        Future<Outcome> waiting = run.commit(Commit.NOTHING.withParticipants(List.of(row("1"))));
        Awaitility.await().until(() -> heard.events.contains("away"));
        assertThat(waiting.isComplete()).isFalse();
        here.proxy(process).refuse(false);

        assertThat(Await.get(waiting)).isEqualTo(new Outcome.Committed(1));
        assertThat(heard.events).containsExactly("away", "back");
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void a_server_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() throws Exception {
        Ledger process = here.process(here::revived, Duration.ofSeconds(10));
        LedgerRun run = mine(process).run();

        for (int i = 0; i < 40; i++) {
            Future<Outcome> commit = run.commit(Commit.NOTHING
                    .withProgress(List.of(at("a", i)))
                    .withParticipants(List.of(row("a" + i), row("b" + i))));
            if (i % 10 == 5) {
                killServer();
            }
            assertThat(Await.get(commit)).isEqualTo(new Outcome.Committed(i + 1));
        }

        here.dialAgain();
        assertThat(rows())
                .containsExactlyElementsOf(IntStream.range(0, 40)
                        .boxed()
                        .flatMap(i -> List.of("a" + i, "b" + i).stream())
                        .toList());
        Await.get(process.close());
        assertThat(mine(here.process(here::revived, Duration.ofSeconds(10)))
                        .saved()
                        .progress())
                .containsExactly(at("a", 39));
    }

    @Test
    void a_process_that_has_ended_is_known_to_be_dead_at_once() {
        Ledger first = process();
        mine(first);
        Await.get(here.admin()
                .run("UPDATE millrace.node SET pid = $2 WHERE node = $1", ((PostgresLedger) first).node(), 4_194_305L));

        assertThat(mine(process()).resumed()).isTrue();
    }

    @Test
    void beats_keep_a_run_and_make_sure_of_it() {
        Ledger first = process();
        LedgerRun run = mine(first).run();
        here.makeOld(first);

        Await.get(((PostgresLedger) first).beatNow());

        assertThat(Await.get(process().open(request("p", false), Presence.UNHEARD)))
                .isInstanceOf(Opened.Elsewhere.class);
        assertThat(run.isSure()).isTrue();
    }

    private boolean somebodyWaits() {
        return Await.get(here.admin()
                                .script("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                        + " AND query LIKE '%DELETE FROM millrace.inc%' AND state = 'active'"))
                        .size()
                > 0;
    }

    /** SIGQUIT: sessions are cut, nothing is written, the next start recovers from the log. Returns when it has gone; who needs it starts it again. */
    private static void killServer() throws IOException, InterruptedException {
        String pid = postmaster();
        new ProcessBuilder("/bin/sh", "-c", "kill -QUIT " + pid).start().waitFor();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !postmaster().equals(pid));
    }

    /** Process id of the server; "none" if it has stopped. */
    private static String postmaster() {
        try {
            return Files.readAllLines(stateDir.resolve("postgres/data/postmaster.pid"))
                    .get(0);
        } catch (IOException e) {
            return "none";
        }
    }
}
