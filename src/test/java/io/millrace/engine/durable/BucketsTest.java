package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private final LedgerRun run = ((Opened.Mine) Await.get(new ModelLedger(new ModelStore())
                    .open(
                            new RunRequest("flow", "", JsonNodeFactory.instance.objectNode(), false, true),
                            Presence.UNHEARD)))
            .run();

    private Buckets all(boolean rests) {
        Buckets buckets = new Buckets(run, "work", rests, new java.util.SplittableRandom(1));
        buckets.won(IntStream.range(0, Buckets.COUNT).mapToObj(String::valueOf).toList());
        return buckets;
    }

    private static long busy(Buckets buckets, int busy) {
        return Objects.requireNonNull(buckets.claimable()).stream()
                .filter(bucket -> bucket < busy)
                .count();
    }

    @Test
    void gives_away_as_many_busy_buckets_as_empty_ones() {
        Buckets buckets = all(false);
        IntStream.range(0, 40)
                .forEach(bucket -> IntStream.rangeClosed(0, bucket).forEach(row -> buckets.came(bucket)));

        buckets.shrink(2);

        assertThat(buckets.claimable()).hasSize(128);
        assertThat(busy(buckets, 40)).isEqualTo(20);
    }

    @Test
    void gives_a_third_process_its_share_of_both() {
        Buckets buckets = all(false);
        IntStream.range(0, 30).forEach(buckets::came);

        buckets.shrink(3);

        assertThat(buckets.claimable()).hasSize(86);
        assertThat(busy(buckets, 30)).isBetween(9L, 11L);
    }

    @Test
    void keeps_what_rests_in_groups() {
        Buckets buckets = all(true);
        IntStream.range(0, 200).forEach(buckets::came);

        buckets.shrink(2);

        Set<Integer> kept = Objects.requireNonNull(buckets.claimable());
        assertThat(kept).hasSize(200).allMatch(bucket -> bucket < 200);
    }

    @Test
    void gives_nothing_away_while_it_is_alone() {
        Buckets buckets = all(false);

        buckets.shrink(1);

        assertThat(buckets.claimable()).isNull(); // all rows
    }
}
