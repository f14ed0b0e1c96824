package io.millrace.store.ledger;

import io.millrace.ledger.DeadLetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claimed rows that a commit settles.
 *
 * @param rows by id
 */
record Settled(Map<Long, Origin> rows) {
    /**
     * What is remembered of a claimed row.
     *
     * @param h its unique value
     * @param keep for how many ms that is remembered across runs
     */
    record Origin(
            String stage,
            int bucket,
            @Nullable UUID h,
            @Nullable Long keep) {}

    /** Those whose roots left none of these. */
    Settled without(List<DeadLetter> letters) {
        Map<Long, Origin> rest = new HashMap<>(rows);
        letters.forEach(letter -> rest.remove(letter.row()));
        return new Settled(rest);
    }

    /** The row that a letter is of, if it failed in the row's own stage. */
    @Nullable
    Origin origin(DeadLetter letter) {
        Origin origin = letter.row() == null ? null : rows.get(letter.row());
        return origin == null || !origin.stage().equals(letter.stage()) ? null : origin;
    }
}
