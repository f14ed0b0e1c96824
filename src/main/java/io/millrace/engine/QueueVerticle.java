package io.millrace.engine;

import io.millrace.engine.durable.Dealing;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.durable.QueueSource;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Router;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.SourceFeed;
import io.millrace.flow.Stage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Feeds a stage of a durable run from its queue in the store, on an event loop of its own. */
final class QueueVerticle extends VerticleBase {
    private final RunScope run;
    private final Stage stage;
    private final Origin origin;
    private final Durability durability;
    private final RunControl control;
    private final Settling settling = new Settling();
    private final Dealing dealing;
    private @Nullable Loop loop;
    private volatile @Nullable QueueSource source;
    private @Nullable SourceFeed feed;
    private @Nullable Router router;

    QueueVerticle(
            RunScope run, Stage stage, Origin origin, Dealing dealing, Durability durability, RunControl control) {
        this.run = run;
        this.stage = stage;
        this.origin = origin;
        this.dealing = dealing;
        this.durability = durability;
        this.control = control;
    }

    Stage stage() {
        return stage;
    }

    Origin origin() {
        return origin;
    }

    @Override
    public Future<?> start() {
        Loop own = new VertxLoop(context);
        loop = own;
        run.watch().loop(own);
        return Future.succeededFuture();
    }

    /** Begins to claim rows. */
    void begin(Wiring wiring) {
        Loop own = Objects.requireNonNull(loop);
        own.execute(() -> {
            if (origin.ended()) {
                return;
            }
            Router ways = wiring.sourceRouter(stage.name(), own, settling, control, false);
            router = ways;
            QueueSource rows = durability.queue(origin, dealing, own, this::halt);
            source = rows;
            feed = new SourceFeed(stage, rows, origin, ways, settling, own, run, control, rows);
            feed.start();
        });
    }

    /** Whether there is nothing to claim. */
    boolean isDry() {
        QueueSource rows = source;
        return origin.ended() || (rows != null && rows.isDry());
    }

    /** Claims no more. */
    void halt() {
        Objects.requireNonNull(loop).execute(() -> {
            if (feed == null) {
                origin.end();
            } else {
                feed.stop();
            }
        });
    }

    @Override
    public Future<?> stop() {
        if (router != null) {
            router.close();
        }
        return Future.succeededFuture();
    }
}
