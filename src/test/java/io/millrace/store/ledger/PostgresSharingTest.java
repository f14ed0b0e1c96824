package io.millrace.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ledger.Claimed;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ending;
import io.millrace.ledger.FencedException;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerBench;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Member;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.SharingContract;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.CuttingProxy;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of shared runs on a real server. */
class PostgresSharingTest extends SharingContract {
    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static EmbeddedPostgres server;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String stage = "stage-" + UUID.randomUUID();
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
    void a_claim_that_arrives_when_its_process_was_declared_dead_claims_nothing() {
        CuttingProxy proxy = new CuttingProxy(here.address());
        proxy.hidePids();
        Ledger sleeper = here.process(proxy, Duration.ofSeconds(10));
        LedgerRun stale = join(sleeper).run();
        Ledger living = process();
        LedgerRun run = join(living).run();
        committed(stale, Commit.NOTHING.withEnqueued(enqueued(stage, 1, 6)));
        claim(stale, stage, 1);

        proxy.refuse(true);
        proxy.hold(stage);
        Future<List<Claimed>> late = stale.claim(stage, 3, null);
        await().until(proxy::isHolding);
        fallsSilent(sleeper);
        bench.looks(living);
        proxy.release();
        await().until(proxy::isAnswered);
        List<Claimed> claimed = claim(run, stage, 10);
        proxy.refuse(false);

        assertThat(numbers(claimed)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(claimed).extracting(Claimed::attempt).containsExactly(2, 1, 1, 1, 1, 1);
        assertThat(Await.failure(late)).isInstanceOf(FencedException.class);
    }

    @Test
    void rows_of_a_claim_whose_answer_never_came_go_to_others_when_its_process_is_dead() {
        Ledger sleeper = process();
        LedgerRun stale = join(sleeper).run();
        Ledger living = process();
        LedgerRun run = join(living).run();
        committed(stale, Commit.NOTHING.withEnqueued(enqueued(stage, 1, 4)));
        claim(stale, stage, 1);

        here.proxy(sleeper).refuse(true);
        bench.cutClaim(sleeper, stage, Cut.ANSWER_LOST);
        Future<List<Claimed>> lost = stale.claim(stage, 2, null);
        await().until(() -> claimedRows() == 3);
        fallsSilent(sleeper);
        bench.looks(living);
        here.proxy(sleeper).refuse(false);

        assertThat(claim(run, stage, 10)).extracting(Claimed::attempt).containsExactly(2, 2, 2, 1);
        assertThat(Await.failure(lost)).isInstanceOf(FencedException.class);
    }

    @Test
    void a_process_that_was_stopped_in_the_middle_of_a_commit_does_not_hold_up_the_others() {
        Ledger sleeper = process();
        LedgerRun stale = join(sleeper).run();
        Ledger living = process();
        LedgerRun run = join(living).run();
        committed(stale, Commit.NOTHING.withEnqueued(enqueued(stage, 1, 2)));
        List<Claimed> claimed = claim(stale, stage, 2);
        Promise<List<DeadLetter>> never = Promise.promise();

        Future<Outcome> stuck = stale.commit(Commit.NOTHING
                .withDone(ids(claimed))
                .withEnqueued(enqueued(stage, 3, 3))
                .withParticipants(List.of(row("stale"), transaction -> never.future())));
        await().until(this::isIdleInTransaction);
        fallsSilent(sleeper);
        bench.looks(living);
        List<Claimed> taken = claim(run, stage, 10);
        never.complete(List.of());

        assertThat(numbers(taken)).containsExactly(1, 2);
        assertThat(Await.get(stuck)).isInstanceOf(Outcome.Fenced.class);
        assertThat(rows()).isEmpty();
        committed(run, Commit.NOTHING.withDone(ids(taken)));
        assertThat(Await.get(run.ending(Set.of()))).isEqualTo(Ending.SEALING);
    }

    @Test
    void who_has_just_reached_the_store_again_does_not_take_the_others_for_dead() {
        Ledger sleeper = process();
        join(sleeper);
        Ledger careful = here.process(here::direct, new PostgresLedger.Waits(PATIENCE, Duration.ofMillis(1)));
        join(careful);

        fallsSilent(sleeper);
        bench.looks(careful);

        assertThat(Await.get(here.admin()
                                .run(
                                        "SELECT FROM millrace.inc i JOIN millrace.run USING (run)"
                                                + " WHERE flow = $1 AND i.live",
                                        flow))
                        .size())
                .isEqualTo(2);
    }

    @Test
    void silence_before_the_server_was_started_is_not_held_against_anybody() {
        Ledger sleeper = process();
        mine(sleeper);
        fallsSilent(sleeper);
        Ledger careful = here.process(here::direct, new PostgresLedger.Waits(PATIENCE, Duration.ofHours(1)));

        assertThat(open(careful, "p", false)).isInstanceOf(Opened.Elsewhere.class);
        assertThat(open(process(), "p", false)).isInstanceOf(Opened.Mine.class);
    }

    @Test
    void a_process_that_has_ended_on_this_machine_is_no_member_though_it_was_just_heard() throws Exception {
        Ledger process = process();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Await.get(here.admin()
                .run(
                        "INSERT INTO millrace.node (host, machine, pid, started) VALUES ($1, $2, $3, 0)",
                        Machine.here().host(),
                        Machine.here().place(),
                        ended.pid()));
        Await.get(here.admin()
                .run(
                        "INSERT INTO millrace.node (host, machine, pid, started) VALUES ($1, $2, $3, 0)",
                        "elsewhere",
                        "another machine",
                        ended.pid()));

        assertThat(Await.get(process.members()))
                .extracting(Member::host)
                .contains("elsewhere")
                .hasSizeGreaterThan(1);
        assertThat(Await.get(process.members()))
                .filteredOn(member -> member.host().equals(Machine.here().host()))
                .extracting(Member::pid)
                .contains(ProcessHandle.current().pid())
                .doesNotContain(ended.pid());
    }

    private int claimedRows() {
        return Await.get(here.admin().run("SELECT FROM millrace.queue WHERE stage = $1 AND state = 'c'", stage))
                .size();
    }

    private boolean isIdleInTransaction() {
        return Await.get(here.admin()
                                .script("SELECT FROM pg_stat_activity WHERE state = 'idle in transaction'"
                                        + " AND application_name = 'millrace ledger'"))
                        .size()
                > 0;
    }
}
