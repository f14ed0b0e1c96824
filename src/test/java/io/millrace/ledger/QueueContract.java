package io.millrace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every ledger does with the queues of a run. */
public abstract class QueueContract extends LedgerSuite {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);

    @Test
    void rows_come_out_as_and_in_the_order_in_which_they_went_in() {
        LedgerRun run = mine(process()).run();
        ObjectNode strange = json("{\"text\": \"a\\u0000b \\ud83d\", \"n\": 123456789012345678901234567890.10}");

        committed(
                run,
                Commit.NOTHING.withEnqueued(List.of(
                        new Enqueued("s", strange, json("{\"depth\": 3}")),
                        new Enqueued("s", numbered(2), json("{}")))));
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 3), enqueued("t", 4))));
        List<Claimed> claimed = claim(run, "s", 10);

        assertThat(claimed).extracting(Claimed::document).containsExactly(strange, numbered(2), numbered(3));
        assertThat(claimed).extracting(Claimed::attempt).containsOnly(1);
        assertThat(claimed).extracting(Claimed::bucket).containsOnly(Enqueued.NO_KEY);
        assertThat(claimed.get(0).meta()).isEqualTo(json("{\"depth\": 3}"));
        assertThat(claimed).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id()));
        assertThat(claim(run, "s", 10)).isEmpty();
        assertThat(claim(run, "t", 10)).hasSize(1);
    }

    @Test
    void no_more_rows_are_claimed_than_were_asked_for() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 7)));

        assertThat(numbers(claim(run, "s", 3))).containsExactly(1, 2, 3);
        assertThat(numbers(claim(run, "s", 3))).containsExactly(4, 5, 6);
        assertThat(numbers(claim(run, "s", 3))).containsExactly(7);
    }

    @Test
    void the_backlog_holds_rows_until_they_are_done() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 1), enqueued("s", 2), enqueued("t", 3))));

        List<Long> ids = ids(claim(run, "s", 10));
        assertThat(Await.get(run.backlog())).containsOnly(Map.entry("s", 2L), Map.entry("t", 1L));
        committed(run, Commit.NOTHING.withDone(ids).withEnqueued(List.of(enqueued("u", 4))));
        committed(run, Commit.NOTHING.withDone(ids(claim(run, "t", 10))));
        committed(run, Commit.NOTHING.withDone(ids(claim(run, "u", 10))));

        Awaitility.await().until(() -> Await.get(run.backlog()).isEmpty());
    }

    @Test
    void a_queue_is_dry_when_nothing_is_left_to_claim_now_or_later() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 1), keyed("t", 2, 7))));

        assertThat(Await.get(run.isDry("s", null))).isFalse();
        assertThat(Await.get(run.isDry("t", Set.of(7)))).isFalse();
        assertThat(Await.get(run.isDry("t", Set.of(8)))).isTrue();
        List<Long> ids = ids(claim(run, "s", 10));
        assertThat(Await.get(run.isDry("s", null))).isTrue();
        assertThat(Await.get(run.isDry("s", Set.of()))).isTrue();

        Await.get(run.giveBack(List.of(new GivenBack(ids.get(0), Duration.ofHours(1), true, null))));

        assertThat(claim(run, "s", 10)).isEmpty();
        assertThat(Await.get(run.isDry("s", null))).isFalse();
        assertThat(Await.get(run.isDry("s", Set.of(3)))).isFalse();
    }

    @Test
    void a_refused_commit_neither_enqueues_nor_settles() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 1))));
        List<Long> ids = ids(claim(run, "s", 10));

        Outcome outcome = Await.get(run.commit(Commit.NOTHING
                .withDone(ids)
                .withEnqueued(List.of(unique("s", 2, A)))
                .withParticipants(List.of(row("bad")))));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(claim(run, "s", 10)).isEmpty();
        assertThat(committed(run, Commit.NOTHING.withDone(ids).withEnqueued(List.of(unique("s", 2, A))))
                        .known())
                .isEmpty();
        assertThat(numbers(claim(run, "s", 10))).containsExactly(2);
    }

    @Test
    void a_row_is_settled_once_and_only_by_who_claimed_it() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 3)));
        List<Long> ids = ids(claim(run, "s", 2));
        committed(run, Commit.NOTHING.withDone(ids.subList(0, 1)));

        Outcome twice = Await.get(run.commit(Commit.NOTHING.withDone(ids).withParticipants(List.of(row("1")))));

        assertThat(twice)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.participant()).isEqualTo(Outcome.NOBODY));
        assertThat(rows()).isEmpty();
        committed(run, Commit.NOTHING.withDone(ids.subList(1, 2)));
    }

    @Test
    void a_unique_value_is_enqueued_once_in_a_run_and_a_stage() {
        LedgerRun run = mine(process()).run();

        Outcome.Committed first = committed(
                run,
                Commit.NOTHING.withEnqueued(List.of(
                        unique("s", 1, A), unique("s", 2, B), unique("s", 3, A), unique("t", 4, A), enqueued("s", 5))));
        committed(run, Commit.NOTHING.withDone(ids(claim(run, "s", 10))));
        Outcome.Committed second =
                committed(run, Commit.NOTHING.withEnqueued(List.of(unique("s", 6, B), unique("s", 7, new UUID(3, 3)))));

        assertThat(first.known()).containsOnly(Map.entry("s", 1));
        assertThat(second.known()).containsOnly(Map.entry("s", 1));
        assertThat(numbers(claim(run, "s", 10))).containsExactly(7);
        assertThat(numbers(claim(run, "t", 10))).containsExactly(4);
    }

    @Test
    void a_value_that_is_unique_for_a_time_is_known_to_later_runs_once_its_row_was_done_well() {
        Ledger process = process();
        LedgerRun first = mine(process).run();
        List<Enqueued> both = List.of(kept("s", 1, A), kept("s", 2, B));
        committed(first, Commit.NOTHING.withEnqueued(both));
        List<Claimed> claimed = claim(first, "s", 10);
        committed(
                first,
                Commit.NOTHING
                        .withDone(ids(claimed))
                        .withDead(List.of(new DeadLetter(
                                "later",
                                numbered(2),
                                json("{}"),
                                json("{}"),
                                claimed.get(1).id()))));
        Await.get(first.close(RunState.FINISHED, 3));

        LedgerRun second = ((Opened.Mine) open(process, "p", true)).run();
        assertThat(committed(second, Commit.NOTHING.withEnqueued(both)).known()).containsOnly(Map.entry("s", 1));
        assertThat(numbers(claim(second, "s", 10))).containsExactly(2);

        bench.passes(MONTH.plusSeconds(1));
        LedgerRun third = ((Opened.Mine) open(process, "q", true)).run();
        assertThat(committed(third, Commit.NOTHING.withEnqueued(both)).known()).isEmpty();
    }

    @Test
    void a_value_is_not_remembered_if_a_participant_refused_what_became_of_its_row() {
        Ledger process = process();
        LedgerRun first = mine(process).run();
        committed(first, Commit.NOTHING.withEnqueued(List.of(kept("s", 1, A))));
        List<Long> ids = ids(claim(first, "s", 10));
        DeadLetter letter = new DeadLetter("sink", numbered(1), json("{}"), json("{}"), ids.get(0));

        committed(
                first,
                Commit.NOTHING
                        .withDone(ids)
                        .withParticipants(List.of(transaction -> Future.succeededFuture(List.of(letter)))));

        LedgerRun second = ((Opened.Mine) open(process, "q", false)).run();
        assertThat(committed(second, Commit.NOTHING.withEnqueued(List.of(kept("s", 1, A))))
                        .known())
                .isEmpty();
    }

    @Test
    void what_participants_refuse_becomes_dead_letters_of_the_same_commit() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        DeadLetter refused = letter("refused");

        committed(
                run,
                Commit.NOTHING
                        .withDead(List.of(letter("own")))
                        .withParticipants(
                                List.of(row("1"), transaction -> Future.succeededFuture(List.of(refused)), row("2"))));
        Outcome whole = Await.get(run.commit(Commit.NOTHING.withParticipants(
                List.of(transaction -> Future.succeededFuture(List.of(refused)), row("bad")))));

        assertThat(whole).isInstanceOf(Outcome.Refused.class);
        assertThat(rows()).containsExactly("1", "2");
        assertThat(Await.get(process.deadLetters(run.id(), 0, 10)))
                .extracting(KeptLetter::letter)
                .containsExactly(letter("own"), refused);
    }

    @Test
    void a_row_with_a_delay_waits() {
        LedgerRun run = mine(process()).run();
        committed(
                run,
                Commit.NOTHING.withEnqueued(List.of(
                        new Enqueued("s", numbered(1), json("{}"), null, null, -1, Duration.ofMinutes(1)),
                        enqueued("s", 2))));

        assertThat(numbers(claim(run, "s", 10))).containsExactly(2);
        assertThat(claim(run, "s", 10)).isEmpty();
        bench.passes(Duration.ofSeconds(61));
        assertThat(numbers(claim(run, "s", 10))).containsExactly(1);
    }

    @Test
    void a_row_that_is_given_back_comes_again_when_it_is_due() {
        LedgerRun run = mine(process()).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 3)));
        List<Claimed> claimed = claim(run, "s", 10);

        Await.get(run.giveBack(List.of(
                new GivenBack(claimed.get(0).id(), Duration.ofMinutes(1), true, json("{\"tried\": 1}")),
                new GivenBack(claimed.get(1).id(), Duration.ZERO, false, null),
                new GivenBack(claimed.get(1).id() + 1_000_000, Duration.ZERO, false, null))));
        List<Claimed> atOnce = claim(run, "s", 10);
        bench.passes(Duration.ofSeconds(61));
        List<Claimed> later = claim(run, "s", 10);

        assertThat(numbers(atOnce)).containsExactly(2);
        assertThat(atOnce.get(0).attempt()).isEqualTo(1);
        assertThat(numbers(later)).containsExactly(1);
        assertThat(later.get(0).attempt()).isEqualTo(2);
        assertThat(later.get(0).meta()).isEqualTo(json("{\"tried\": 1}"));
    }

    @Test
    void rows_with_keys_come_by_bucket_and_in_order() {
        LedgerRun run = mine(process()).run();
        committed(
                run,
                Commit.NOTHING.withEnqueued(IntStream.rangeClosed(1, 12)
                        .mapToObj(i -> keyed("s", i, i % 4))
                        .toList()));
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 13))));

        assertThat(numbers(Await.get(run.claim("s", 3, Set.of(1, 2))))).containsExactly(1, 2, 5);
        assertThat(numbers(Await.get(run.claim("s", 10, Set.of(1, 2))))).containsExactly(6, 9, 10, 13);
        assertThat(numbers(Await.get(run.claim("s", 10, Set.of(1, 2))))).isEmpty();
        assertThat(numbers(Await.get(run.claim("s", 10, Set.of(3, 2))))).containsExactly(3, 7, 11);
        assertThat(numbers(claim(run, "s", 10))).containsExactly(4, 8, 12);
    }

    @Test
    void rows_with_keys_come_in_order_however_often_their_processes_died() {
        Ledger first = process();
        LedgerRun run = mine(first).run();
        committed(
                run,
                Commit.NOTHING.withEnqueued(IntStream.rangeClosed(1, 6)
                        .mapToObj(i -> keyed("s", i, 1))
                        .toList()));
        Await.get(run.claim("s", 6, Set.of(1)));
        Await.get(run.close(RunState.UNFINISHED, 0));
        LedgerRun second = mine(first).run();
        assertThat(numbers(Await.get(second.claim("s", 2, Set.of(1))))).containsExactly(1, 2);
        Await.get(second.close(RunState.UNFINISHED, 0));

        LedgerRun third = mine(first).run();

        assertThat(numbers(Await.get(third.claim("s", 4, Set.of(1))))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void rows_with_keys_that_are_given_back_do_not_come_behind_those_that_wait() {
        Ledger process = process();
        LedgerRun first = mine(process).run();
        committed(
                first,
                Commit.NOTHING.withEnqueued(IntStream.rangeClosed(1, 6)
                        .mapToObj(i -> keyed("s", i, 1))
                        .toList()));
        Await.get(first.claim("s", 6, Set.of(1)));
        Await.get(first.close(RunState.UNFINISHED, 0));
        LedgerRun run = mine(process).run();
        List<Claimed> two = Await.get(run.claim("s", 2, Set.of(1)));

        Await.get(run.giveBack(two.stream()
                .map(row -> new GivenBack(row.id(), Duration.ZERO, false, null))
                .toList()));

        assertThat(numbers(Await.get(run.claim("s", 4, Set.of(1))))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void letters_are_replayed_once_where_they_failed() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(
                run,
                Commit.NOTHING.withEnqueued(
                        List.of(new Enqueued("s", numbered(1), json("{\"depth\": 1}"), A, MONTH, 7, Duration.ZERO))));
        Claimed claimed = claim(run, "s", 10).get(0);
        committed(
                run,
                Commit.NOTHING
                        .withDone(List.of(claimed.id()))
                        .withDead(List.of(
                                new DeadLetter("s", numbered(1), json("{}"), claimed.meta(), claimed.id()),
                                new DeadLetter("later", numbered(2), json("{}"), json("{}"), claimed.id()))));
        Await.get(run.close(RunState.FINISHED, 3));
        List<Long> letters = Await.get(process.deadLetters(run.id(), 0, 10)).stream()
                .map(KeptLetter::id)
                .toList();

        int sent = Await.get(process.replay(letters));
        int again = Await.get(process.replay(letters));
        Opened.Mine resumed = mine(process);

        assertThat(sent).isEqualTo(2);
        assertThat(again).isZero();
        assertThat(resumed.run().id()).isEqualTo(run.id());
        assertThat(Await.get(process.deadLetters(run.id(), 0, 10))).isEmpty();
        assertThat(numbers(claim(resumed.run(), "later", 10))).containsExactly(2);
        assertThat(Await.get(resumed.run().claim("s", 10, Set.of(6)))).isEmpty();
        Claimed back = Await.get(resumed.run().claim("s", 10, Set.of(7))).get(0);
        assertThat(back.document()).isEqualTo(numbered(1));
        assertThat(back.meta()).isEqualTo(json("{\"depth\": 1}"));
        assertThat(back.attempt()).isEqualTo(1);
        committed(resumed.run(), Commit.NOTHING.withDone(List.of(back.id())));
        LedgerRun other = ((Opened.Mine) open(process, "q", false)).run();
        assertThat(committed(other, Commit.NOTHING.withEnqueued(List.of(kept("s", 1, A))))
                        .known())
                .containsOnly(Map.entry("s", 1));
    }

    @Test
    void a_cancelled_run_keeps_its_letters() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withDead(List.of(letter("a"))));
        Await.get(run.close(RunState.CANCELLED, 1));
        long id = Await.get(process.deadLetters(run.id(), 0, 10)).get(0).id();

        assertThat(Await.get(process.replay(List.of(id)))).isZero();
        assertThat(Await.get(process.deadLetters(run.id(), 0, 10))).hasSize(1);
    }

    @Test
    void a_run_with_queued_rows_is_not_finished() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 2)));

        assertThat(Await.get(run.ending(Set.of()))).isEqualTo(Ending.GOES_ON);
        Await.get(run.close(RunState.FINISHED, 0));
        LedgerRun again = mine(process).run();
        committed(again, Commit.NOTHING.withDone(ids(claim(again, "s", 10))));

        assertThat(Await.get(again.ending(Set.of()))).isEqualTo(Ending.SEALING);
        Await.get(again.close(RunState.FINISHED, 0));
        assertThat(open(process, "p", false)).isInstanceOf(Opened.Finished.class);
    }

    @Test
    void a_run_ends_when_its_sources_have_ended_with_nothing_pending() {
        LedgerRun run = mine(process()).run();
        Progress.Pending one = new Progress.Pending(1, 1, json("{}"), json("{}"));

        assertThat(Await.get(run.ending(Set.of("a")))).isEqualTo(Ending.GOES_ON);
        committed(run, Commit.NOTHING.withProgress(List.of(at("a", 1))));
        assertThat(Await.get(run.ending(Set.of("a")))).isEqualTo(Ending.GOES_ON);
        committed(
                run,
                Commit.NOTHING.withProgress(List.of(new Progress("a", "", json("{}"), 2, null, List.of(one), true))));
        assertThat(Await.get(run.ending(Set.of("a")))).isEqualTo(Ending.GOES_ON);
        committed(run, Commit.NOTHING.withProgress(List.of(ended("a"))));

        assertThat(Await.get(run.ending(Set.of("a")))).isEqualTo(Ending.SEALING);
        assertThat(Await.get(run.ending(Set.of("a", "b")))).isEqualTo(Ending.GOES_ON);
    }

    @Test
    void rows_that_were_claimed_when_a_run_was_closed_come_again() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 2)));
        claim(run, "s", 1);

        Await.get(run.close(RunState.UNFINISHED, 130));

        List<Claimed> claimed = claim(mine(process).run(), "s", 10);
        assertThat(numbers(claimed)).containsExactly(1, 2);
        assertThat(claimed).extracting(Claimed::attempt).containsExactly(1, 1);
        assertThat(Await.failure(run.claim("s", 1, null))).isInstanceOf(Exception.class);
    }

    @Test
    void what_is_tried_alone_is_told_to_the_next_process() {
        Ledger first = process();
        LedgerRun run = mine(first).run();
        committed(run, Commit.NOTHING.withTrial(json("{\"row\": 7}")));
        committed(run, Commit.NOTHING);
        Await.get(first.close());

        Ledger second = process();
        Opened.Mine resumed = mine(second);
        assertThat(resumed.saved().trial()).isEqualTo(json("{\"row\": 7}"));
        committed(resumed.run(), Commit.NOTHING.withTrial(json("{}")));
        assertThat(Await.get(resumed.run().saved()).trial()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void a_commit_of_unknown_fate_enqueues_and_settles_once(Cut how) {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        committed(run, Commit.NOTHING.withEnqueued(List.of(enqueued("s", 1), enqueued("s", 2), unique("t", 9, A))));
        List<Claimed> claimed = claim(run, "s", 10);

        cut(process, how);
        Outcome.Committed unsure = committed(
                run,
                Commit.NOTHING
                        .withDone(List.of(claimed.get(0).id()))
                        .withEnqueued(List.of(enqueued("t", 3), unique("t", 4, A), unique("t", 5, B))));
        committed(run, Commit.NOTHING.withDone(List.of(claimed.get(1).id())));

        assertThat(unsure.known()).containsOnly(Map.entry("t", 1));
        assertThat(numbers(claim(run, "t", 10))).containsExactlyInAnyOrder(9, 3, 5);
        assertThat(Await.get(run.backlog())).containsOnly(Map.entry("t", 3L));
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void a_claim_of_unknown_fate_is_found_out(Cut how) {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        String stage = "stage-" + UUID.randomUUID();
        committed(run, Commit.NOTHING.withEnqueued(enqueued(stage, 1, 20)));
        List<Claimed> all = new ArrayList<>(claim(run, stage, 5));

        bench.cutClaim(process, stage, how);
        for (int i = 0; i < 5; i++) {
            all.addAll(claim(run, stage, 5));
        }

        assertThat(numbers(all))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(all).extracting(Claimed::attempt).containsOnly(1);
        committed(run, Commit.NOTHING.withDone(ids(all)));
        Awaitility.await().until(() -> Await.get(run.backlog()).isEmpty());
    }

    @Test
    void random_cuts_lose_no_row_and_double_none() {
        Ledger process = process();
        LedgerRun run = mine(process).run();
        String stage = "stage-" + UUID.randomUUID();
        List<String> all = new ArrayList<>();
        committed(run, Commit.NOTHING.withEnqueued(enqueued(stage, 1, 1)));

        for (int i = 1; i < 40; i++) {
            Cut how = Cut.values()[(i / 4) % Cut.values().length];
            if (i % 4 == 1) {
                bench.cutClaim(process, stage, how);
            } else if (i % 4 == 3) {
                cut(process, how);
            }
            Claimed claimed = claimOne(run, stage);
            int number = claimed.document().get("n").asInt();
            all.add(Integer.toString(number));
            committed(
                    run,
                    Commit.NOTHING
                            .withDone(List.of(claimed.id()))
                            .withEnqueued(List.of(enqueued(stage, number + 1)))
                            .withParticipants(List.of(row(Integer.toString(number)))));
        }

        assertThat(rows()).containsExactlyElementsOf(all);
        assertThat(all)
                .containsExactlyElementsOf(
                        IntStream.range(1, 40).mapToObj(Integer::toString).toList());
    }

    private static Claimed claimOne(LedgerRun run, String stage) {
        List<Claimed> claimed = List.of();
        for (int i = 0; i < 10 && claimed.isEmpty(); i++) {
            claimed = claim(run, stage, 5);
        }
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    private static Enqueued unique(String stage, int number, UUID value) {
        return new Enqueued(stage, numbered(number), json("{}"), value, null, -1, Duration.ZERO);
    }

    private static Enqueued kept(String stage, int number, UUID value) {
        return new Enqueued(stage, numbered(number), json("{}"), value, MONTH, -1, Duration.ZERO);
    }

    private static Enqueued keyed(String stage, int number, int bucket) {
        return new Enqueued(stage, numbered(number), json("{}"), null, null, bucket, Duration.ZERO);
    }
}
