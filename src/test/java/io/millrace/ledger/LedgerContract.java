package io.millrace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.Failure;
import io.millrace.spi.StoreTransaction;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every ledger does. Each test has a flow of its own, so that a store can be shared. */
public abstract class LedgerContract extends LedgerSuite {
    @Test
    void a_run_begins_and_is_resumed_with_all_that_was_kept() {
        Ledger first = process();
        Opened.Mine begun = mine(first);
        Progress progress = new Progress(
                "urls",
                "",
                json("{\"path\": \"a\\u0000b\", \"size\": 1.10}"),
                7,
                json("{\"offset\": 70}"),
                List.of(new Pending(3, 2, json("{\"offset\": 30}"), json("{\"offset\": 40}"))),
                false);
        FileMark file = new FileMark("store", "out.jsonl", first.host(), 120, -5, FileMark.State.PART);

        committed(
                begun.run(),
                Commit.NOTHING
                        .withProgress(List.of(progress))
                        .withFiles(List.of(file))
                        .withCounts(Map.of("urls/in", 7L)));
        Await.get(begun.run().close(RunState.UNFINISHED, 0));
        Opened.Mine again = mine(process());

        assertThat(begun.resumed()).isFalse();
        assertThat(again.resumed()).isTrue();
        assertThat(again.run().id()).isEqualTo(begun.run().id());
        assertThat(again.run().inc()).isNotEqualTo(begun.run().inc());
        assertThat(again.saved().progress()).containsExactly(progress);
        assertThat(again.saved().files()).containsExactly(file);
        assertThat(again.saved().counts()).containsExactly(Map.entry("urls/in", 7L));
        assertThat(again.saved().shape()).isEqualTo(json("{\"v\": 1}"));
    }

    @Test
    void progress_moves_and_what_is_not_named_stays() {
        Opened.Mine begun = mine(process());
        Progress a = at("a", 1);
        Progress b = at("b", 1);

        committed(begun.run(), Commit.NOTHING.withProgress(List.of(a, b)));
        committed(begun.run(), Commit.NOTHING.withProgress(List.of(at("a", 2))).withShape(json("{\"v\": 2}")));
        Await.get(begun.run().close(RunState.UNFINISHED, 0));

        Saved saved = mine(process()).saved();
        assertThat(saved.progress()).containsExactly(at("a", 2), b);
        assertThat(saved.shape()).isEqualTo(json("{\"v\": 2}"));
    }

    @Test
    void commits_are_numbered_from_one() {
        LedgerRun run = mine(process()).run();

        assertThat(Await.get(run.commit(Commit.NOTHING))).isEqualTo(new Outcome.Committed(1));
        assertThat(Await.get(run.commit(Commit.NOTHING))).isEqualTo(new Outcome.Committed(2));
    }

    @Test
    void counts_of_several_processes_are_added_up() {
        Ledger first = process();
        Opened.Mine begun = mine(first);
        committed(begun.run(), Commit.NOTHING.withCounts(Map.of("in", 5L)));
        cut(first, Cut.COMMIT_LOST);
        committed(begun.run(), Commit.NOTHING.withCounts(Map.of("in", 6L)));
        Await.get(begun.run().close(RunState.UNFINISHED, 0));

        Opened.Mine second = mine(process());
        committed(second.run(), Commit.NOTHING.withCounts(Map.of("in", 2L, "out", 1L)));
        Await.get(second.run().close(RunState.FINISHED, 0));

        Opened.Finished end = (Opened.Finished) open(process(), "p", false);
        assertThat(end.saved().counts()).containsOnly(Map.entry("in", 8L), Map.entry("out", 1L));
    }

    @Test
    void a_finished_run_is_told_and_not_changed() {
        Ledger process = process();
        Await.get(mine(process).run().close(RunState.FINISHED, 3));

        Opened.Finished found = (Opened.Finished) open(process, "p", false);

        assertThat(found.saved().run().state()).isEqualTo(RunState.FINISHED);
        assertThat(found.saved().run().exitCode()).isEqualTo(3);
        assertThat(found.saved().run().ended()).isNotNull();
    }

    @Test
    void a_fresh_run_leaves_the_old_one_behind() {
        Ledger process = process();
        Opened.Mine old = mine(process);
        committed(old.run(), Commit.NOTHING.withProgress(List.of(at("a", 1))));
        Await.get(old.run().close(RunState.UNFINISHED, 0));

        Opened.Mine fresh = (Opened.Mine) open(process, "p", true);

        assertThat(fresh.resumed()).isFalse();
        assertThat(fresh.run().id()).isNotEqualTo(old.run().id());
        assertThat(fresh.saved().progress()).isEmpty();
        assertThat(runsOfMine(process))
                .extracting(RunSummary::state)
                .containsExactly(RunState.UNFINISHED, RunState.CANCELLED);
    }

    @Test
    void a_fresh_run_can_follow_a_finished_one_and_a_cancelled_one_is_never_resumed() {
        Ledger process = process();
        Await.get(mine(process).run().close(RunState.FINISHED, 0));

        Opened.Mine fresh = (Opened.Mine) open(process, "p", true);
        Await.get(fresh.run().close(RunState.CANCELLED, 1));

        assertThat(mine(process).resumed()).isFalse();
    }

    @Test
    void other_params_are_another_run() {
        Ledger process = process();

        Opened.Mine one = (Opened.Mine) open(process, "p", false);
        Opened.Mine other = (Opened.Mine) open(process, "q", false);

        assertThat(other.run().id()).isNotEqualTo(one.run().id());
    }

    @Test
    void a_run_that_another_process_is_running_is_refused_even_if_fresh() {
        long id = mine(process()).run().id();

        assertThat(open(process(), "p", false))
                .isInstanceOfSatisfying(
                        Opened.Elsewhere.class,
                        elsewhere -> assertThat(elsewhere.run()).isEqualTo(id));
        assertThat(open(process(), "p", true)).isInstanceOf(Opened.Elsewhere.class);
    }

    @Test
    void a_silent_process_loses_its_run_and_whatever_it_still_writes() {
        Ledger sleeper = process();
        LedgerRun stale = mine(sleeper).run();
        committed(stale, Commit.NOTHING.withProgress(List.of(at("a", 1))).withParticipants(List.of(row("1"))));

        fallsSilent(sleeper);
        Opened.Mine taken = mine(process());
        Outcome late = Await.get(stale.commit(Commit.NOTHING
                .withProgress(List.of(at("a", 9)))
                .withDead(List.of(letter("x")))
                .withParticipants(List.of(row("stale")))));

        assertThat(late).isInstanceOf(Outcome.Fenced.class);
        assertThat(taken.resumed()).isTrue();
        assertThat(taken.saved().progress()).containsExactly(at("a", 1));
        committed(taken.run(), Commit.NOTHING.withParticipants(List.of(row("2"))));
        assertThat(rows()).containsExactly("1", "2");
        assertThat(Await.get(sleeper.deadLetters(stale.id(), 0, 10))).isEmpty();
        assertThat(Await.get(stale.close(RunState.FINISHED, 0))).isInstanceOf(Outcome.Fenced.class);
        assertThat(runsOfMine(sleeper)).extracting(RunSummary::state).containsExactly(RunState.UNFINISHED);
    }

    @Test
    void a_process_is_sure_of_its_run_until_it_falls_silent() {
        Ledger process = process();
        LedgerRun run = mine(process).run();

        assertThat(run.isSure()).isTrue();
    }

    @Test
    void the_list_of_runs_says_which_are_running() {
        Ledger process = process();
        Opened.Mine opened = mine(process);

        assertThat(runsOfMine(process).get(0).runningOn()).startsWith(process.host() + ", process ");
        fallsSilent(process);
        assertThat(runsOfMine(process).get(0).runningOn()).isNull();
        assertThat(opened.run().id()).isEqualTo(runsOfMine(process).get(0).id());
    }

    @Test
    void a_closed_ledger_leaves_its_runs_to_whoever_comes() {
        Ledger first = process();
        mine(first);

        Await.get(first.close());

        assertThat(mine(process()).resumed()).isTrue();
    }

    @Test
    void starts_without_a_commit_are_counted() {
        for (int i = 0; i < 3; i++) {
            Ledger process = process();
            Opened.Mine opened = mine(process);
            assertThat(opened.saved().starts()).isEqualTo(i);
            Await.get(process.close());
        }
        Ledger better = process();
        committed(mine(better).run(), Commit.NOTHING);
        Await.get(better.close());

        assertThat(mine(process()).saved().starts()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void a_commit_of_unknown_fate_is_found_out_and_counts_once(Cut how) {
        Ledger process = process();
        Heard heard = new Heard();
        Opened.Mine opened = (Opened.Mine) Await.get(process.open(request("p", false), heard));
        committed(opened.run(), Commit.NOTHING.withParticipants(List.of(row("1"))));
        long before = opened.run().inc();

        cut(process, how);
        Outcome unsure = Await.get(opened.run()
                .commit(Commit.NOTHING
                        .withProgress(List.of(at("a", 2)))
                        .withDead(List.of(letter("x")))
                        .withParticipants(List.of(row("2")))));
        Outcome next = Await.get(opened.run().commit(Commit.NOTHING.withParticipants(List.of(row("3")))));

        assertThat(unsure).isEqualTo(new Outcome.Committed(2));
        assertThat(next).isEqualTo(new Outcome.Committed(3));
        assertThat(rows()).containsExactly("1", "2", "3");
        assertThat(opened.run().inc()).isNotEqualTo(before);
        assertThat(heard.events).containsExactly("away", "back");
        assertThat(Await.get(process.deadLetters(opened.run().id(), 0, 10))).hasSize(1);
        Await.get(process.close());
        assertThat(mine(process()).saved().progress()).containsExactly(at("a", 2));
    }

    @Test
    void a_refused_row_takes_back_the_whole_commit_and_the_run_goes_on() {
        LedgerRun run = mine(process()).run();
        Commit good = Commit.NOTHING.withParticipants(List.of(row("1")));

        Outcome outcome = Await.get(run.commit(Commit.NOTHING
                .withProgress(List.of(at("a", 1)))
                .withParticipants(List.of(row("other"), row("bad"), row("third")))));
        Outcome next = Await.get(run.commit(good));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.participant()).isEqualTo(1);
            assertThat(refused.failure().kind()).isEqualTo(Failure.Kind.BAD_DATA);
        });
        assertThat(next).isEqualTo(new Outcome.Committed(1));
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void a_participant_that_fails_by_itself_is_named() {
        LedgerRun run = mine(process()).run();

        Outcome outcome = Await.get(run.commit(Commit.NOTHING.withParticipants(
                List.of(row("1"), transaction -> Future.failedFuture(Failure.badData("no such column"))))));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.participant()).isEqualTo(1);
            assertThat(refused.failure().message()).isEqualTo("no such column");
        });
        assertThat(rows()).isEmpty();
    }

    @Test
    void dead_letters_keep_every_character() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        List<DeadLetter> letters = List.of(
                letter("\0"),
                letter("half \ud83d pair \ude00"),
                letter("é€😀"),
                letter("x".repeat(1 << 20)),
                new DeadLetter("s", json("{\"n\": 123456789012345678901234567890.10}"), json("{}"), json("{}")));

        committed(run, Commit.NOTHING.withDead(letters));

        assertThat(Await.get(process.deadLetters(run.id(), 0, 10)))
                .extracting(KeptLetter::letter)
                .containsExactlyElementsOf(letters);
        assertThat(runsOfMine(process).get(0).deadLetters()).isEqualTo(5);
    }

    @Test
    void dead_letters_are_paged_dropped_and_taken() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withDead(List.of(letter("a"), letter("b"), letter("c"), letter("d"))));
        List<KeptLetter> first = Await.get(process.deadLetters(run.id(), 0, 3));
        List<KeptLetter> rest =
                Await.get(process.deadLetters(run.id(), first.get(2).id(), 3));

        int dropped =
                Await.get(process.drop(List.of(first.get(0).id(), first.get(0).id() - 1_000_000)));
        committed(run, Commit.NOTHING.withTaken(List.of(first.get(1).id())));
        Outcome twice = Await.get(run.commit(Commit.NOTHING
                .withTaken(List.of(first.get(1).id(), first.get(2).id()))
                .withParticipants(List.of(row("replayed")))));

        assertThat(first).hasSize(3);
        assertThat(rest).hasSize(1);
        assertThat(dropped).isEqualTo(1);
        assertThat(twice)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.participant()).isEqualTo(Outcome.NOBODY));
        assertThat(rows()).isEmpty();
        assertThat(Await.get(process.deadLetters(run.id(), 0, 10))).containsExactly(first.get(2), rest.get(0));
    }

    @Test
    void one_commit_at_a_time_and_none_after_closing() {
        LedgerRun run = mine(process()).run();
        Promise<Void> open = Promise.promise();
        Future<Outcome> slow = run.commit(Commit.NOTHING.withParticipants(
                List.of(transaction -> open.future().map(done -> List.of()))));

        assertThat(Await.failure(run.commit(Commit.NOTHING))).isInstanceOf(IllegalStateException.class);
        open.complete();
        assertThat(Await.get(slow)).isEqualTo(new Outcome.Committed(1));
        Await.get(run.close(RunState.FINISHED, 0));
        assertThat(Await.failure(run.commit(Commit.NOTHING))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void random_cuts_lose_nothing_and_double_nothing() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        List<String> all = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();

        for (int i = 0; i < 30; i++) {
            if (i % 2 == 1) {
                cut(process, Cut.values()[(i / 2) % Cut.values().length]);
            }
            String text = Integer.toString(i);
            all.add(text);
            Function<StoreTransaction, Future<List<DeadLetter>>> row = row(text);
            committed(run, Commit.NOTHING.withProgress(List.of(at("a", i))).withParticipants(List.of(transaction -> {
                calls.incrementAndGet();
                return row.apply(transaction);
            })));
        }

        assertThat(rows()).containsExactlyElementsOf(all);
        assertThat(calls).hasValueGreaterThan(30);
    }
}
