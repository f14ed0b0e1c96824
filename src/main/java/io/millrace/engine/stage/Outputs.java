package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Emission;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import io.millrace.flow.Stage;
import io.millrace.flow.To;
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.millrace.spi.Variables;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Places what items have become: results with the stages of {@code to} or with the sink, emitted items with their stages. Branches are
 * counted before any of them is sent.
 */
final class Outputs {
    private static final List<String> NOWHERE = List.of();

    private final StageParts parts;
    private final Stage stage;
    private final @Nullable Lane lane;

    Outputs(StageParts parts, Lane.Refusal refusal) {
        this.parts = parts;
        this.stage = parts.stage();
        this.lane = parts.vault()
                .<Lane>map(vault -> new HoldLane(parts, vault, refusal))
                .or(() -> parts.sink().map(sink -> lane(sink, refusal)))
                .orElse(null);
    }

    private Lane lane(Sink sink, Lane.Refusal refusal) {
        return new SinkLane(
                stage.name(),
                sink,
                stage.sink().orElseThrow().batching(),
                parts.context().loop(),
                parts.context(),
                parts.metrics(),
                parts.settling(),
                refusal);
    }

    /** Whether an item without steps can be handed on as it is. */
    boolean passesOn() {
        return lane != null && !stage.ordered();
    }

    /** Hands an item on to the sink as it came. */
    void pass(Item item, Consumer<Item> done) {
        toSink(item, () -> done.accept(item));
    }

    void hurry() {
        if (lane != null) {
            lane.hurry();
        }
    }

    void abort() {
        if (lane != null) {
            lane.abort();
        }
    }

    /** Places the result and what was emitted; then runs {@code done}. A rule that fails is {@code wrong}, and nothing is placed. */
    void deliver(ItemFrame frame, Consumer<Item> done, Consumer<Failure> wrong) {
        List<String> targets;
        try {
            targets = targets(frame);
        } catch (Failure failure) {
            wrong.accept(failure.at(stage.name() + "/to"));
            return;
        }
        place(frame, targets, lane != null, targets.size(), done);
    }

    /**
     * Places what was emitted; the item itself ends.
     *
     * @param others how many it has become by other ways
     */
    void emit(ItemFrame frame, int others, Consumer<Item> done) {
        place(frame, NOWHERE, false, others, done);
    }

    /** Places what was emitted; the item's own branch goes on elsewhere. */
    void emitOnly(ItemFrame frame, Runnable done) {
        List<Emission> emissions = frame.emissions();
        frame.item().root().retain(emissions.size());
        Placing placing = new Placing(frame.item(), item -> done.run());
        send(placing, frame, emissions, 0);
        placing.seal();
    }

    private void place(ItemFrame frame, List<String> targets, boolean sink, int others, Consumer<Item> done) {
        Item item = frame.item();
        List<Emission> emissions = frame.emissions();
        int branches = emissions.size() + targets.size() + (sink ? 1 : 0);
        if (branches == 0) {
            item.root().release(parts.settling());
            done.accept(item);
            return;
        }
        item.root().retain(branches - 1);
        Placing placing = new Placing(item, done);
        ObjectNode document = frame.document();
        boolean alone = branches == 1;
        for (int i = 0; i < targets.size(); i++) {
            placing.send(targets.get(i), alone ? item.next(document) : item.child(document, i, 0), frame);
        }
        send(placing, frame, emissions, others);
        if (sink) {
            placing.started();
            toSink(item.result(document), placing::placed);
        } else {
            parts.metrics().out(targets.size());
        }
        placing.seal();
    }

    private static void send(Placing placing, ItemFrame frame, List<Emission> emissions, int first) {
        for (int i = 0; i < emissions.size(); i++) {
            Emission emission = emissions.get(i);
            placing.send(emission.stage(), frame.item().child(emission.document(), first + i, 0), frame);
        }
    }

    private void toSink(Item item, Runnable placed) {
        Lane to = lane;
        if (to == null || to.offer(item)) {
            placed.run();
        } else {
            to.await(item, placed);
        }
    }

    private List<String> targets(ItemFrame frame) {
        if (stage.to() instanceof To.Rules rules) {
            return rules.rules().stream()
                    .filter(rule -> rule.when().map(when -> when.test(frame)).orElse(true))
                    .findFirst()
                    .map(rule -> rule.to().map(List::of).orElse(NOWHERE))
                    .orElseThrow(() -> Failure.badData(
                            "No rule of `to` matches. Add a last rule without `when`, or {\"to\": \"discard\"}."));
        }
        return stage.to().targets();
    }

    /** Waits until everything that one item has become is placed. */
    private final class Placing {
        private final Item item;
        private final Consumer<Item> done;
        private int open = 1;

        Placing(Item item, Consumer<Item> done) {
            this.item = item;
            this.done = done;
        }

        void send(String to, Item child, Variables variables) {
            if (!parts.router().send(to, child, variables, this::placed)) {
                open++;
            }
        }

        void started() {
            open++;
        }

        void placed() {
            if (--open == 0) {
                done.accept(item);
            }
        }

        /** Everything has been sent, or waits. */
        void seal() {
            placed();
        }
    }
}
