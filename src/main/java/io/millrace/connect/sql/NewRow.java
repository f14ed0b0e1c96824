package io.millrace.connect.sql;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document on its way into the table.
 *
 * @param index its place in the batch
 * @param values by the columns' places, as pg-client takes them
 * @param columns the columns that it sets; the others keep their default
 * @param key its key in a form in which equal keys are equal; empty if rows are not told apart
 * @param before an earlier row of the batch with the same key, which this one replaces
 */
record NewRow(
        int index,
        @Nullable Object[] values,
        BitSet columns,
        List<Object> key,
        @Nullable NewRow before) {

    /** This row at another place. */
    NewRow at(int place) {
        return new NewRow(place, values, columns, key, before);
    }

    /** This row written after the other, as one row. */
    NewRow over(NewRow other) {
        if (columns.equals(other.columns)) {
            return new NewRow(index, values, columns, key, other);
        }
        @Nullable Object[] merged = other.values.clone();
        columns.stream().forEach(column -> merged[column] = values[column]);
        BitSet union = (BitSet) columns.clone();
        union.or(other.columns);
        return new NewRow(index, merged, union, key, other);
    }

    static int byKey(NewRow a, NewRow b) {
        for (int i = 0; i < a.key.size(); i++) {
            int order = compare(a.key.get(i), b.key.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @SuppressWarnings("unchecked") // of one class, and comparable to it
    private static int compare(Object a, Object b) {
        return a.getClass() == b.getClass() && a instanceof Comparable<?>
                ? ((Comparable<Object>) a).compareTo(b)
                : a.toString().compareTo(b.toString());
    }
}
