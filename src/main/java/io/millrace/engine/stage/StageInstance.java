package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Again;
import io.millrace.engine.item.ClaimedRoot;
import io.millrace.engine.item.Decided;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import io.millrace.engine.item.Retries;
import io.millrace.engine.queue.Inbox;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.Modifiers.As;
import io.millrace.flow.OnError;
import io.millrace.flow.Retry;
import io.millrace.flow.Stage;
import io.millrace.spi.Collecting;
import io.millrace.spi.Failure;
import io.millrace.spi.Quantities;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a stage. Takes items as it has slots, runs their steps, and places what they become; gives every branch back exactly
 * once, whatever way it ends. Confined to its loop.
 */
public final class StageInstance {
    private static final int TURN_ITEMS = 256;
    private static final long TURN_NANOS = 1_000_000;
    private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

    private final StageParts parts;
    private final Stage stage;
    private final Loop loop;
    private final Inbox<Item> inbox;
    private final Intake intake;
    private final Slots slots;
    private final Underway underway;
    private final Outputs outputs;
    private final Endings endings;
    private final @Nullable Reorder reorder;
    private final Map<Integer, Groups> groups = new LinkedHashMap<>();
    private boolean pumping;
    private boolean aborting;
    private volatile boolean holding;

    public StageInstance(StageParts parts) {
        this.parts = parts;
        this.stage = parts.stage();
        this.loop = parts.context().loop();
        this.inbox = new Inbox<>(parts.address(), parts.index(), parts.quota(), parts.wire(), loop, new Arrivals());
        this.intake = new Intake(stage, inbox, loop, parts.limiter(), this::variables, this::pump, this::join);
        this.slots = new Slots(parts.slots(), parts.metrics());
        this.underway = new Underway(loop, this::late);
        this.outputs = new Outputs(parts, new Refusals());
        this.endings = new Endings(parts);
        this.reorder = stage.ordered() ? new Reorder() : null;
        parts.brake().whenFree(() -> loop.execute(this::pump));
    }

    /** Lets groups that wait for more leave as they are; for the end of the input. */
    public void flushGroups() {
        groups.values().forEach(Groups::flush);
        holding = false;
        pump();
    }

    /** Whether it holds groups. Any thread. */
    public boolean holdsGroups() {
        return holding;
    }

    /** Nothing more is on its way here: what the sink holds need not wait for more. */
    public void hurry() {
        if (slots.isIdle() && intake.isEmpty()) {
            outputs.hurry();
        }
    }

    /** Cancels all items and keeps them as CANCELLED; whatever comes from now on too. */
    public void abort() {
        aborting = true;
        outputs.abort();
        if (reorder != null) {
            reorder.abandon();
        }
        underway.cancel(Endings.cancelled());
        groups.values()
                .forEach(held -> held.abandon().forEach(item -> {
                    item.root().unpark();
                    endings.leave(item);
                }));
        pump();
    }

    /** Cancels the item of that id, if it is running; tells how many of its branches were. */
    public int cancel(String id) {
        return underway.cancel(item -> item.id().equals(id), Endings.asked());
    }

    public void close() {
        inbox.close();
        parts.router().close();
    }

    private Variables variables(Item item) {
        return name ->
                name.equals("meta") ? item.meta(stage.name()) : parts.context().variable(name);
    }

    /** A worker pool has room again. */
    public void resume() {
        pump();
    }

    /** Starts items while there are slots; yields the loop after a while. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        long until = loop.nanoTime() + TURN_NANOS;
        int started = 0;
        while (mayStart() && started < TURN_ITEMS && startNext()) {
            started++;
            if ((started & 15) == 0 && loop.nanoTime() > until) {
                break;
            }
        }
        pumping = false;
        parts.metrics().queued(inbox.held());
        parts.settling().flush();
        if (started > 0 && mayStart()) {
            loop.execute(this::pump);
        } else if (slots.isIdle()) {
            parts.control().nudge();
        }
    }

    private boolean mayStart() {
        return aborting
                || (slots.isFree()
                        && !parts.context().crowded()
                        && !parts.brake().holds());
    }

    /** Gives an item its place in the order, if there is one. */
    private void join(Item item) {
        if (reorder != null) {
            reorder.join(item);
        }
    }

    private boolean startNext() {
        if (aborting) {
            intake.abandon().forEach(endings::leave);
            return false;
        }
        try {
            Item item = intake.next(
                    reorder == null || reorder.size() < stage.queue().capacity());
            if (item == null) {
                return false;
            }
            if (mustNotPass(item)) {
                item.root().abandon();
            }
            if (item.root().isAbandoned()) {
                skip(item);
            } else {
                start(item);
            }
        } catch (Intake.Rejected rejected) {
            parts.metrics().in();
            slots.take();
            inOrder(rejected.item(), () -> giveUp(rejected.item(), rejected.failure()));
        }
        return true;
    }

    /** Whether an item before this one stays to be done by a later process, and is not to be overtaken. */
    private boolean mustNotPass(Item item) {
        boolean keepsOrder = reorder != null || stage.queue().key().isPresent();
        return keepsOrder && item.root().isDurable() && (aborting || endings.haveStopped());
    }

    private void start(Item item) {
        parts.brake().started();
        if (item.attempts() == 0 && item.from() == 0) {
            parts.metrics().in();
        }
        if (parts.steps().isEmpty() && outputs.passesOn()) {
            slots.take();
            outputs.pass(item, this::done);
            return;
        }
        item.begin(loop.nanoTime());
        join(item);
        ItemFrame frame = new ItemFrame(parts.context(), item);
        slots.take();
        Future<JsonNode> result = run(frame);
        if (result.isComplete()) {
            complete(frame, result.cause());
        } else {
            underway.add(frame, result);
        }
    }

    /** What belongs to a root that was given up need not be worked on. */
    private void skip(Item item) {
        slots.take();
        inOrder(item, () -> {
            item.root().release(parts.settling());
            done(item);
        });
    }

    private void late(ItemFrame frame, @Nullable Throwable thrown) {
        complete(frame, thrown);
        pump();
    }

    private Future<JsonNode> run(ItemFrame frame) {
        try {
            return parts.segment().run(frame);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private void complete(ItemFrame frame, @Nullable Throwable thrown) {
        Item item = frame.item();
        if (item.from() == 0) { // else its time would hide that of the item it was part of
            parts.metrics().took(item.age(loop.nanoTime()).toNanos());
        }
        if (thrown == null) {
            inOrder(item, () -> succeeded(frame));
        } else if (thrown instanceof Again again && !aborting) {
            again(item, again.delay());
        } else {
            inOrder(item, () -> giveUp(item, thrown));
        }
    }

    /** Runs the task when all that came before the item have left; until then it needs no slot. */
    private void inOrder(Item item, Runnable leave) {
        if (reorder == null || aborting) {
            leave.run();
            return;
        }
        slots.free();
        reorder.ready(item, () -> {
            slots.take();
            leave.run();
        });
    }

    private void succeeded(ItemFrame frame) {
        Item item = frame.item();
        parts.brake().succeeded();
        if (reorder != null && mustNotPass(item)) {
            endings.abandon(item, () -> done(item));
            return;
        }
        Collecting collecting = frame.collectedBy();
        List<JsonNode> parted = frame.splitInto();
        if (collecting != null) {
            collect(frame, collecting);
        } else if (parted != null) {
            split(frame, parted);
        } else if (frame.ended()) {
            parts.metrics().dropped();
            outputs.emit(frame, 0, this::done);
        } else {
            outputs.deliver(frame, this::done, wrong -> {
                parts.brake().undone();
                failed(item, wrong);
            });
        }
    }

    private void collect(ItemFrame frame, Collecting collecting) {
        Groups held = groups.computeIfAbsent(
                frame.cut(),
                step -> new Groups(collecting, step, loop, group -> {
                    intake.inside(group);
                    loop.execute(this::pump);
                }));
        JsonNode key;
        try {
            key = collecting.key(frame);
        } catch (Failure wrong) {
            failed(frame.item(), wrong.at(stage.name() + "/collect"));
            return;
        }
        outputs.emitOnly(frame, () -> {
            held.add(key, frame);
            holding = true;
            slots.free();
            intake.ended(frame.item());
            pump();
        });
    }

    private void split(ItemFrame frame, List<JsonNode> parted) {
        Item item = frame.item();
        Optional<As> as = stage.steps().list().get(frame.cut()).modifiers().as();
        item.root().retain(parted.size());
        List<Item> children = new ArrayList<>(parted.size());
        for (int i = 0; i < parted.size(); i++) {
            children.add(item.child(frame.part(parted.get(i), as), i, frame.cut() + 1));
        }
        intake.inside(children, item);
        if (reorder != null) {
            reorder.joinFirst(children);
        }
        outputs.emit(frame, children.size(), this::done);
    }

    /** The item has ended and all it became is placed. */
    private void done(Item item) {
        slots.free();
        intake.ended(item);
        if (!pumping) {
            pump();
        }
    }

    private void failed(Item item, Throwable thrown) {
        if (!retries(item, thrown)) {
            giveUp(item, thrown);
        }
    }

    /** Lets an item whose result could not be placed wait for another attempt, if it is to have one. */
    private boolean retries(Item item, Throwable thrown) {
        Optional<Retry> retry = stage.modifiers().retry();
        if (aborting || thrown instanceof Decided || retry.isEmpty()) {
            return false;
        }
        Duration spent = item.age(loop.nanoTime());
        Optional<Duration> wait = Retries.next(retry.get(), Failure.from(thrown), item.attempts(), spent, loop.random())
                .pause();
        wait.ifPresent(time -> again(item, time));
        return wait.isPresent();
    }

    /** Until then it holds no slot. */
    private void again(Item item, Duration wait) {
        parts.metrics().retried();
        slots.free();
        if (waitsInTable(item, wait)) {
            ((ClaimedRoot) item.root()).comeBack(item, wait, loop.nanoTime());
            item.root().release(parts.settling());
        } else {
            intake.retry(item, wait);
        }
    }

    /** A row of a durable queue waits there, across restarts; unless it is short, or others must not overtake it. */
    private boolean waitsInTable(Item item, Duration wait) {
        return item.root() instanceof ClaimedRoot root
                && root.isRow(item)
                && stage.queue().key().isEmpty()
                && reorder == null
                && wait.compareTo(SHORT_WAIT) >= 0;
    }

    private void giveUp(Item item, Throwable thrown) {
        if (item.root().isDurable() && (aborting || item.root().isAbandoned())) {
            endings.abandon(item, () -> done(item));
            return;
        }
        if (thrown instanceof Decided decided) {
            endings.dispose(item, decided.decision(), decided.failure(), () -> done(item));
            return;
        }
        Failure failure = (thrown instanceof Again again ? again.failure() : Failure.from(thrown)).at(stage.name());
        OnError decision = aborting ? new OnError.DeadLetter() : endings.decision();
        boolean counted = stage.modifiers().retry().isPresent() && item.attempts() > 0;
        Failure last = counted ? failure.withAttempts(item.attempts()) : failure;
        endings.dispose(item, decision, last, () -> done(item));
    }

    /** What the way to the sink tells. */
    private final class Refusals implements Lane.Refusal {
        @Override
        public void refused(Item result, Failure failure) {
            if (aborting && result.root().isDurable()) {
                endings.leave(result.entry()); // it may be refused for nothing but the haste
                return;
            }
            OnError decision = aborting ? new OnError.DeadLetter() : endings.decision();
            parts.brake().undone();
            endings.dispose(result.entry(), decision, failure, () -> {});
        }

        @Override
        public void closed() {
            parts.control().quit();
        }

        @Override
        public void settled() {
            parts.control().nudge();
        }
    }

    /** What the inbox tells. */
    private final class Arrivals implements Inbox.Owner {
        @Override
        public void arrived() {
            pump();
        }

        @Override
        public void overflowed(long bytes) {
            aborting = true; // at once: each item that is worked on makes it worse
            loop.execute(StageInstance.this::abort);
            parts.control()
                    .abort(
                            "The queue of stage \"" + stage.name() + "\" holds more than its "
                                    + Quantities.inWords(stage.queue().bytes())
                                    + ": the cycle it is part of yields more than it works off. Send less, or raise queue.bytes.");
        }
    }
}
