package io.millrace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ledger.Progress.Pending;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every ledger does for several processes in one run. */
public abstract class SharingContract extends LedgerSuite {
    @Test
    void a_shared_run_is_joined() {
        Ledger first = process();
        Opened.Mine one = join(first);
        Opened.Mine other = join(process());

        assertThat(one.others()).isEmpty();
        assertThat(other.run().id()).isEqualTo(one.run().id());
        assertThat(other.resumed()).isTrue();
        assertThat(other.others()).hasSize(1);
        assertThat(Await.get(one.run().others())).hasSize(1);
        assertThat(runsOfMine(first).get(0).runningOn()).contains("; ");
        committed(one.run(), Commit.NOTHING.withProgress(List.of(at("a", 1))));
        committed(other.run(), Commit.NOTHING.withProgress(List.of(at("b", 1))));
        assertThat(Await.get(one.run().saved()).progress()).containsExactly(at("a", 1), at("b", 1));
    }

    @Test
    void a_shared_run_is_neither_begun_afresh_nor_taken_by_one_alone_while_it_is_run() {
        join(process());

        assertThat(open(process(), "p", false)).isInstanceOf(Opened.Elsewhere.class);
        assertThat(Await.get(process().open(new RunRequest(flow, "p", json("{}"), true, true), Presence.UNHEARD)))
                .isInstanceOf(Opened.Elsewhere.class);
    }

    @Test
    void who_asks_for_a_run_again_gets_that_very_one_or_none() {
        Ledger process = process();
        LedgerRun run = join(process).run();
        RunRequest again = new RunRequest(flow, "p", json("{\"v\": 1}"), true, true).again(run.id());
        Opened.Mine back = (Opened.Mine) Await.get(process().open(again, Presence.UNHEARD));
        assertThat(back.run().id()).isEqualTo(run.id());
        assertThat(back.resumed()).isTrue();

        Await.get(process.cancel(run.id(), 130));

        Opened.Finished over = (Opened.Finished) Await.get(process.open(again, Presence.UNHEARD));
        assertThat(over.saved().run().state()).isEqualTo(RunState.CANCELLED);
        LedgerRun newer = join(process).run();
        assertThat(newer.id()).isNotEqualTo(run.id());
        over = (Opened.Finished) Await.get(process.open(again, Presence.UNHEARD));
        assertThat(over.saved().run().id()).isEqualTo(run.id());
    }

    @Test
    void those_who_join_do_not_count_as_failed_starts() {
        for (int i = 0; i < 4; i++) {
            assertThat(join(process()).saved().starts()).isZero();
        }
    }

    @Test
    void two_processes_never_claim_the_same_row() {
        LedgerRun one = join(process()).run();
        LedgerRun other = join(process()).run();
        List<Integer> all = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            committed(i % 2 == 0 ? one : other, Commit.NOTHING.withEnqueued(enqueued("s", 20 * i + 1, 20 * i + 20)));
            Future<List<Claimed>> mine = one.claim("s", 15, null);
            Future<List<Claimed>> theirs = other.claim("s", 15, null);
            all.addAll(numbers(Await.get(mine)));
            all.addAll(numbers(Await.get(theirs)));
        }
        all.addAll(numbers(claim(one, "s", 1_000)));

        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void the_rows_of_a_silent_process_go_to_others_and_it_can_do_nothing_more() {
        Ledger sleeper = process();
        LedgerRun stale = join(sleeper).run();
        Ledger living = process();
        LedgerRun run = join(living).run();
        committed(stale, Commit.NOTHING.withEnqueued(enqueued("s", 1, 3)));
        List<Claimed> claimed = claim(stale, "s", 2);
        assertThat(Await.get(stale.lease("source", "a"))).isTrue();

        fallsSilent(sleeper);
        bench.looks(living);
        List<Claimed> taken = claim(run, "s", 10);

        assertThat(numbers(taken)).containsExactly(1, 2, 3);
        assertThat(taken).extracting(Claimed::attempt).containsExactly(2, 2, 1);
        assertThat(Await.get(stale.commit(Commit.NOTHING
                        .withDone(ids(claimed))
                        .withEnqueued(List.of(enqueued("s", 4)))
                        .withParticipants(List.of(row("stale"))))))
                .isInstanceOf(Outcome.Fenced.class);
        assertThat(Await.failure(stale.claim("s", 10, null))).isInstanceOf(FencedException.class);
        assertThat(Await.failure(
                        stale.giveBack(List.of(new GivenBack(claimed.get(0).id(), Duration.ZERO, false, null)))))
                .isInstanceOf(FencedException.class);
        assertThat(Await.failure(stale.lease("source", "b"))).isInstanceOf(FencedException.class);
        assertThat(Await.failure(stale.saved())).isInstanceOf(FencedException.class);
        assertThat(Await.failure(stale.lock("l", 1).held())).isInstanceOf(FencedException.class);
        assertThat(Await.get(run.lease("source", "a"))).isTrue();
        assertThat(rows()).isEmpty();
        assertThat(stale.isSure()).isFalse();
        committed(run, Commit.NOTHING.withDone(ids(taken)));
        assertThat(Await.get(run.backlog())).isEmpty();
    }

    @Test
    void a_process_that_left_without_closing_its_run_leaves_its_rows_to_others_at_once() {
        Ledger leaving = process();
        LedgerRun left = join(leaving).run();
        Ledger staying = process();
        LedgerRun run = join(staying).run();
        committed(left, Commit.NOTHING.withEnqueued(enqueued("s", 1, 3)));
        claim(left, "s", 2);

        Await.get(leaving.close());
        bench.looks(staying);

        assertThat(numbers(claim(run, "s", 10))).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void a_lease_has_one_holder_until_it_lets_go() {
        LedgerRun one = join(process()).run();
        LedgerRun other = join(process()).run();

        assertThat(Await.get(one.lease("bucket", List.of("1", "2")))).containsExactlyInAnyOrder("1", "2");
        assertThat(Await.get(other.lease("bucket", List.of("2", "3")))).containsExactly("3");
        assertThat(Await.get(one.lease("bucket", List.of("1", "3")))).containsExactly("1");
        assertThat(Await.get(other.lease("source", "1"))).isTrue();
        assertThat(Await.get(other.leases()))
                .containsExactlyInAnyOrder(
                        new Lease("bucket", "1", false),
                        new Lease("bucket", "2", false),
                        new Lease("bucket", "3", true),
                        new Lease("source", "1", true));

        Await.get(other.release("bucket", List.of("1", "3")));
        assertThat(Await.get(one.lease("bucket", List.of("1", "3")))).containsExactlyInAnyOrder("1", "3");
        Await.get(one.close(RunState.UNFINISHED, 0));
        assertThat(Await.get(other.lease("bucket", List.of("1", "2", "3")))).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void claims_and_leases_outlive_an_unknown_commit(Cut how) {
        Ledger process = process();
        LedgerRun run = join(process).run();
        LedgerRun other = join(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 2)));
        List<Claimed> claimed = claim(run, "s", 10);
        assertThat(Await.get(run.lease("source", "a"))).isTrue();

        cut(process, how);
        committed(run, Commit.NOTHING.withParticipants(List.of(row("1"))));

        assertThat(claim(other, "s", 10)).isEmpty();
        assertThat(Await.get(other.lease("source", "a"))).isFalse();
        assertThat(Await.get(run.lease("source", "a"))).isTrue();
        committed(run, Commit.NOTHING.withDone(ids(claimed)));
    }

    @Test
    void a_lock_has_so_many_permits_over_all_processes() {
        LedgerRun one = join(process()).run();
        LedgerRun other = join(process()).run();
        SharedLock first = one.lock("l", 2);
        SharedLock second = other.lock("l", 2);
        Await.get(first.held());
        Await.get(second.held());
        SharedLock third = one.lock("l", 2);
        SharedLock given = other.lock("l", 2);
        SharedLock free = one.lock("other", 1);

        Await.get(free.held());
        assertThat(third.held().isComplete()).isFalse();
        given.release();
        second.release();
        Await.get(third.held());
        SharedLock fourth = other.lock("l", 2);
        assertThat(fourth.held().isComplete()).isFalse();
        first.release();
        first.release();

        Await.get(fourth.held());
        SharedLock fifth = one.lock("l", 2);
        third.release();
        Await.get(fifth.held());
        assertThat(given.held().isComplete()).isFalse();
    }

    @Test
    void wishes_for_a_lock_are_served_in_order_within_a_process() {
        LedgerRun run = join(process()).run();
        List<Integer> order = new ArrayList<>();
        List<SharedLock> locks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            SharedLock lock = run.lock("l", 1);
            locks.add(lock);
            lock.held().onSuccess(held -> {
                order.add(number);
                lock.release();
            });
        }

        locks.forEach(lock -> Await.get(lock.held()));

        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void a_dead_process_holds_no_lock() {
        Ledger sleeper = process();
        LedgerRun stale = join(sleeper).run();
        Ledger living = process();
        LedgerRun run = join(living).run();
        Await.get(stale.lock("l", 1).held());
        SharedLock wish = run.lock("l", 1);

        fallsSilent(sleeper);
        bench.looks(living);

        Await.get(wish.held());
    }

    @Test
    void permits_of_a_rate_lie_one_after_another_over_all_processes() {
        LedgerRun one = join(process()).run();
        LedgerRun other = join(process()).run();
        Permits.Wanted wanted = new Permits.Wanted("r", "k", Duration.ofSeconds(10), 1, 5);

        List<Duration> moments = new ArrayList<>();
        for (LedgerRun run : List.of(one, other, one)) {
            Permits.Reserved reserved = Await.get(run.reserve(List.of(wanted))).get(0);
            assertThat(reserved.count()).isEqualTo(1);
            moments.add(reserved.after());
        }
        Permits.Reserved elsewhere = Await.get(
                        other.reserve(List.of(new Permits.Wanted("r", "other", Duration.ofSeconds(10), 1, 1))))
                .get(0);

        assertThat(moments.get(0)).isBetween(Duration.ofMillis(-1), Duration.ofMillis(1));
        assertThat(moments.get(1)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        assertThat(moments.get(2)).isBetween(Duration.ofSeconds(17), Duration.ofSeconds(20));
        assertThat(elsewhere.after()).isBetween(Duration.ofMillis(-1), Duration.ofMillis(1));
    }

    @Test
    void a_process_gets_half_a_second_s_worth_of_permits_at_once_and_the_burst() {
        LedgerRun run = join(process()).run();

        List<Permits.Reserved> reserved = Await.get(run.reserve(List.of(
                new Permits.Wanted("fast", "", Duration.ofMillis(1), 1, 10_000),
                new Permits.Wanted("few", "", Duration.ofMillis(1), 1, 3),
                new Permits.Wanted("burst", "", Duration.ofMinutes(1), 5, 100))));

        assertThat(reserved).extracting(Permits.Reserved::count).containsExactly(500, 3, 5);
        assertThat(reserved.get(2).after()).isBetween(Duration.ofSeconds(-241), Duration.ofSeconds(-239));
        assertThat(Await.get(run.reserve(List.of(new Permits.Wanted("burst", "", Duration.ofMinutes(1), 5, 1))))
                        .get(0)
                        .after())
                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    }

    @Test
    void a_run_is_finished_when_the_last_process_has_closed_it_with_the_worst_of_their_exit_codes() {
        Ledger process = process();
        LedgerRun one = join(process).run();
        LedgerRun other = join(process()).run();

        Await.get(one.close(RunState.FINISHED, 3));
        assertThat(runsOfMine(process).get(0).state()).isEqualTo(RunState.UNFINISHED);
        Await.get(other.close(RunState.FINISHED, 0));

        assertThat(runsOfMine(process).get(0).state()).isEqualTo(RunState.FINISHED);
        assertThat(runsOfMine(process).get(0).exitCode()).isEqualTo(3);
        assertThat(runsOfMine(process).get(0).ended()).isNotNull();
    }

    @Test
    void a_run_that_one_process_cancels_is_over_for_all() {
        Ledger process = process();
        LedgerRun one = join(process).run();
        LedgerRun other = join(process()).run();

        Await.get(one.close(RunState.CANCELLED, 1));

        assertThat(Await.get(other.commit(Commit.NOTHING.withParticipants(List.of(row("late"))))))
                .isInstanceOf(Outcome.Fenced.class);
        assertThat(Await.failure(other.claim("s", 1, null))).isInstanceOf(FencedException.class);
        assertThat(rows()).isEmpty();
        assertThat(runsOfMine(process).get(0).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void the_list_of_members_tells_who_does_what() {
        Ledger process = process();
        LedgerRun run = join(process).run();
        Await.get(run.lease("source", List.of("b", "a")));
        Ledger silent = process();
        join(silent);
        fallsSilent(silent);

        assertThat(Await.get(process.members()).stream()
                        .flatMap(member -> member.parts().stream())
                        .filter(part -> part.flow().equals(flow)))
                .containsExactly(new Member.Part(run.id(), flow, List.of("source a", "source b")));
    }

    @Test
    void the_work_of_a_run_tells_what_is_left_and_who_has_it() {
        Ledger process = process();
        LedgerRun run = join(process).run();
        LedgerRun other = join(process()).run();
        Enqueued later = new Enqueued("s", numbered(4), json("{}"), null, null, Enqueued.NO_KEY, Duration.ofHours(1));
        Pending pending = new Pending(3, 2, json("{}"), json("{}"));
        FileMark part = new FileMark("out", flow, "h", 9, 1, FileMark.State.PART);
        committed(
                run,
                Commit.NOTHING
                        .withProgress(List.of(
                                new Progress("urls", "", json("{}"), 7, null, List.of(pending), false), ended("x")))
                        .withEnqueued(enqueued("s", 1, 3))
                        .withFiles(List.of(part, new FileMark("out", flow + "2", "h", 9, 1, FileMark.State.SEALED)))
                        .withDead(List.of(letter("a"), letter("b")))
                        .withCounts(Map.of("records", 5L)));
        committed(
                other,
                Commit.NOTHING.withEnqueued(List.of(later, enqueued("t", 1))).withCounts(Map.of("records", 2L)));
        claim(other, "s", 2);
        assertThat(Await.get(run.lease("source", "urls"))).isTrue();

        RunWork work = workOfMine(process).get(0);

        assertThat(work.run().id()).isEqualTo(run.id());
        assertThat(work.counts()).containsExactly(Map.entry("records", 7L));
        assertThat(work.sources())
                .containsExactly(
                        new RunWork.Reading("urls", "", 7, 2, false), new RunWork.Reading("x", "", 2, 0, true));
        assertThat(work.queues())
                .containsOnly(Map.entry("s", new RunWork.Rows(4, 1)), Map.entry("t", new RunWork.Rows(1, 0)));
        assertThat(work.dead()).containsExactly(Map.entry("s", 2L));
        assertThat(work.files()).containsExactly(part);
        assertThat(work.hands()).extracting(RunWork.Hand::leases).containsExactly(List.of("source urls"), List.of());
        assertThat(work.hands()).extracting(RunWork.Hand::claimed).containsExactly(Map.of(), Map.of("s", 2L));
        assertThat(work.hands()).allMatch(hand -> hand.sinceBeat().toMinutes() < 1);
    }

    @Test
    void only_unfinished_runs_are_work() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        assertThat(workOfMine(process)).hasSize(1);

        Await.get(run.close(RunState.UNFINISHED, 0));
        assertThat(workOfMine(process)).extracting(RunWork::hands).containsExactly(List.of());

        Await.get(mine(process).run().close(RunState.FINISHED, 0));
        assertThat(workOfMine(process)).isEmpty();
    }

    private List<RunWork> workOfMine(Ledger process) {
        return Await.get(process.work()).stream()
                .filter(work -> work.run().flow().equals(flow))
                .toList();
    }

    @Test
    void a_run_is_cancelled_from_outside_under_the_hands_of_all() {
        Ledger process = process();
        LedgerRun run = join(process()).run();
        LedgerRun other = join(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 3)));

        assertThat(Await.get(process.cancel(run.id(), 130))).isTrue();

        assertThat(Await.get(run.commit(Commit.NOTHING.withParticipants(List.of(row("late"))))))
                .isInstanceOf(Outcome.Fenced.class);
        assertThat(Await.failure(other.claim("s", 1, null))).isInstanceOf(FencedException.class);
        assertThat(rows()).isEmpty();
        RunSummary cancelled = runsOfMine(process).get(0);
        assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
        assertThat(cancelled.exitCode()).isEqualTo(130);
        assertThat(cancelled.ended()).isNotNull();
        assertThat(join(process).run().id()).isNotEqualTo(run.id());
    }

    @Test
    void a_run_that_nobody_works_on_is_cancelled_and_not_resumed() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        Await.get(run.close(RunState.UNFINISHED, 0));

        assertThat(Await.get(process.cancel(run.id(), 130))).isTrue();

        assertThat(mine(process).resumed()).isFalse();
    }

    @Test
    void a_run_that_has_ended_is_not_cancelled() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        Await.get(run.close(RunState.FINISHED, 3));

        assertThat(Await.get(process.cancel(run.id(), 130))).isFalse();
        assertThat(Await.get(process.cancel(Long.MAX_VALUE, 130))).isFalse();

        assertThat(runsOfMine(process).get(0).state()).isEqualTo(RunState.FINISHED);
        assertThat(runsOfMine(process).get(0).exitCode()).isEqualTo(3);
    }
}
