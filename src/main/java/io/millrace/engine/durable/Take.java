package io.millrace.engine.durable;

import io.millrace.engine.item.ClaimedRoot;
import io.millrace.engine.item.DurableRoot;
import io.millrace.engine.item.DurableRoot.State;
import io.millrace.engine.item.Held;
import io.millrace.engine.item.Item;
import io.millrace.engine.stage.HeldChild;
import io.millrace.spi.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What one commit takes: complete roots, and what they hold. Roots that are bound together come together; what must not overtake stays behind with all
 * that its root holds, until what it waits for comes along.
 */
final class Take {
    /** Roots that are kept together. */
    private static final class Unit {
        private final List<DurableRoot> roots;
        private final List<HeldRow> rows = new ArrayList<>();
        private final List<HeldLetter> letters = new ArrayList<>();
        private final List<HeldChild> children = new ArrayList<>();

        Unit(List<DurableRoot> roots) {
            this.roots = roots;
            roots.forEach(root -> root.held().forEach(this::add));
        }

        /** Nothing of it can be kept: it would take more memory than there is for all. */
        void overflow(Letters writer) {
            rows.forEach(row -> row.gone = true);
            rows.clear();
            letters.clear();
            children.clear();
            for (DurableRoot root : roots) {
                Item record = root.record();
                if (record != null) {
                    letters.add(new HeldLetter(writer.of(root.source(), record, TOO_MUCH), record.bytes()));
                }
            }
        }

        private void add(Held held) {
            if (held instanceof HeldRow row) {
                rows.add(row);
            } else if (held instanceof HeldLetter letter) {
                letters.add(letter);
            } else if (held instanceof HeldChild child) {
                children.add(child);
            }
        }

        int size() {
            return rows.size() + letters.size() + children.size();
        }
    }

    private static final Failure TOO_MUCH = Failure.of(
            Failure.Kind.LIMIT,
            "One record became more than limits.hold lets be held until all of it is done. Put \"queue\": {\"durable\": true} before"
                    + " the stage where it becomes many, or raise limits.hold.");

    private final Letters writer;
    private final Map<HeldRow, Unit> owners = new IdentityHashMap<>();
    private final List<Unit> units = new ArrayList<>();
    private int rows;
    private long bytes;

    Take(Letters writer) {
        this.writer = writer;
    }

    /** Adds a complete root, with those that are bound to it. */
    void add(DurableRoot root) {
        Unit unit = new Unit(root.together());
        units.add(unit);
        if (unit.roots.stream().anyMatch(DurableRoot::isOverflown)) {
            unit.overflow(writer);
        }
        unit.rows.forEach(row -> {
            if (row.line >= 0) {
                owners.put(row, unit);
            }
        });
        rows += unit.size();
        bytes += unit.roots.stream().mapToLong(DurableRoot::bytes).sum();
    }

    int rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Leaves behind what would overtake; yields the roots that are left behind, one of each that are bound together.
     *
     * @param barred is given those that would overtake what was given up: they have to be done again behind it
     */
    List<DurableRoot> keepOrder(List<SinkVault> vaults, List<DurableRoot> barred) {
        List<DurableRoot> behind = new ArrayList<>();
        boolean again = !owners.isEmpty();
        while (again) {
            again = false;
            for (SinkVault vault : vaults) {
                for (Queue<HeldRow> line : vault.lines()) {
                    again |= cut(line, behind, barred);
                }
            }
        }
        return behind;
    }

    private boolean cut(Queue<HeldRow> line, List<DurableRoot> behind, List<DurableRoot> barred) {
        boolean blocked = false;
        boolean left = false;
        boolean cut = false;
        for (Iterator<HeldRow> rest = line.iterator(); rest.hasNext(); ) {
            HeldRow row = rest.next();
            Unit unit = owners.get(row);
            if (row.gone) {
                rest.remove();
            } else if (row.left) {
                left = true;
            } else if (unit == null) {
                blocked = true;
            } else if (left || blocked) {
                remove(unit);
                (left ? barred : behind).add(unit.roots.get(0));
                cut = true;
            }
        }
        return cut;
    }

    private void remove(Unit unit) {
        units.remove(unit);
        unit.rows.forEach(owners::remove);
        rows -= unit.size();
    }

    /** The roots, each once. */
    List<DurableRoot> roots() {
        return units.stream().flatMap(unit -> unit.roots.stream()).toList();
    }

    void state(State state) {
        units.forEach(unit -> unit.roots.forEach(root -> root.state(state)));
    }

    /** What is to be written into a sink, in the order in which it came there. */
    List<HeldRow> rows(SinkVault vault) {
        return units.stream()
                .flatMap(unit -> unit.rows.stream())
                .filter(row -> row.vault == vault)
                .sorted(Comparator.comparingLong(row -> row.arrival))
                .toList();
    }

    List<HeldLetter> letters() {
        return units.stream().flatMap(unit -> unit.letters.stream()).toList();
    }

    /** What goes into queues. */
    List<HeldChild> children() {
        return units.stream().flatMap(unit -> unit.children.stream()).toList();
    }

    /** The rows of queues that are dealt with. */
    List<ClaimedRoot> claimed() {
        return units.stream()
                .flatMap(unit -> unit.roots.stream())
                .filter(root -> root instanceof ClaimedRoot)
                .map(root -> (ClaimedRoot) root)
                .toList();
    }

    /** The rows stay to be done: nothing may overtake them here. */
    void left() {
        units.forEach(unit -> unit.rows.forEach(row -> row.left = true));
    }

    /** The rows will not be written any more, or have been: nothing waits for them. */
    void gone() {
        units.forEach(unit -> unit.rows.forEach(row -> row.gone = true));
    }
}
