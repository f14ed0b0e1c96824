package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Root;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.spi.Variables;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a source as its stage has room, and admits each record as a root. Confined to the source's loop. */
public final class SourceFeed {
    private static final int TURN_READS = 16;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Stage stage;
    private final Source source;
    private final String wrap;
    private final Origin origin;
    private final Router router;
    private final Settling settling;
    private final Loop loop;
    private final Variables run;
    private final RunControl control;
    private final Admission admission;
    private int waiting;
    private boolean reading;
    private boolean held;
    private boolean exhausted;
    private boolean ended;
    private @Nullable Future<Void> closing;
    private @Nullable Records sending;
    private int sent;
    private @Nullable Item inHand;
    private final Variables ofInHand = this::variable;
    private final Runnable whenPlaced = this::placed;

    public SourceFeed(
            Stage stage,
            Source source,
            Origin origin,
            Router router,
            Settling settling,
            Loop loop,
            Variables run,
            RunControl control,
            Admission admission) {
        this.stage = stage;
        this.source = source;
        this.wrap = stage.source().map(Stage.SourceDef::wrap).orElse("value");
        this.origin = origin;
        this.router = router;
        this.settling = settling;
        this.loop = loop;
        this.run = run;
        this.control = control;
        this.admission = admission;
    }

    /** Begins to read. */
    public void start() {
        read();
    }

    /** Reads no more; the source has ended as soon as what was read is on its way. */
    public void stop() {
        if (exhausted) {
            return;
        }
        exhausted = true;
        closing = source.close();
        if (reading) {
            loop.after(CLOSE, () -> {
                reading = false;
                endIfDone();
            });
        }
        endIfDone();
    }

    /** The closing of a source that was stopped before its end; else empty: it is still open. */
    public Optional<Future<Void>> closing() {
        return Optional.ofNullable(closing);
    }

    private void read() {
        for (int n = 0; n < TURN_READS && !exhausted && isFree() && !held; n++) {
            int wanted = admission.room(admission.wanted(stage.queue().capacity()));
            if (wanted == 0) {
                holdBack();
                break;
            }
            int room = admission.isInput() ? control.reserve(wanted) : wanted;
            if (room == 0) {
                stop();
                break;
            }
            Records records = admission.records(room);
            reading = true;
            Future<Boolean> more = fill(records);
            if (more.isComplete()) {
                took(records, more);
            } else {
                more.onComplete(later -> {
                    took(records, later);
                    read();
                });
            }
        }
        settling.flush();
        if (!exhausted && isFree() && !held) {
            loop.execute(this::read);
        }
        endIfDone();
    }

    private void holdBack() {
        held = true;
        admission.whenRoom(() -> {
            held = false;
            read();
        });
    }

    private Future<Boolean> fill(Records records) {
        try {
            return source.read(records);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private void took(Records records, AsyncResult<Boolean> more) {
        if (!reading) {
            return;
        }
        reading = false;
        if (admission.isInput()) {
            control.read(records.size(), records.room());
        }
        origin.admit(records.size());
        sending = records;
        sent = 0;
        send(records);
        if (more.failed()) {
            boolean asked = exhausted;
            exhausted = true;
            if (!asked) {
                control.stop("source of stage \"" + stage.name() + "\": "
                        + more.cause().getMessage());
            }
        } else if (!more.result()) {
            exhausted = true;
        }
    }

    /** Sends what was read, until an item has to wait for credit: then it goes on when that one is placed. */
    private void send(Records records) {
        while (sent < records.size()) {
            int i = sent++;
            Root root = admission.root(records.caller(i));
            Item item = Item.record(root, records.value(i), wrap, records.position(i));
            root.record(item);
            Failure failure = records.failure(i);
            if (failure != null) {
                bad(item, failure);
            } else {
                inHand = item;
                if (!router.send(stage.name(), item, ofInHand, whenPlaced)) {
                    waiting++;
                    return;
                }
            }
        }
        sending = null;
    }

    private @Nullable JsonNode variable(String name) {
        return name.equals("meta") && inHand != null ? inHand.meta(stage.name()) : run.variable(name);
    }

    private boolean isFree() {
        return !reading && waiting == 0 && sending == null;
    }

    private void bad(Item item, Failure wrong) {
        waiting++;
        control.failed();
        Failure failure = wrong.at(stage.name() + "/source");
        item.root().failed(failure);
        control.deadLetter(stage.name(), item, failure)
                .onComplete(kept -> loop.execute(() -> {
                    item.root().release(settling);
                    placed();
                }));
    }

    private void placed() {
        waiting--;
        Records rest = sending;
        if (rest != null) {
            send(rest);
        }
        if (isFree()) {
            loop.execute(this::read);
        }
    }

    private void endIfDone() {
        if (exhausted && isFree() && !ended) {
            ended = true;
            settling.flush();
            origin.end();
        }
    }
}
