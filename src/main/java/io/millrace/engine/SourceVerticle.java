package io.millrace.engine;

import io.millrace.engine.durable.Durability;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.engine.stage.Router;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.SourceFeed;
import io.millrace.flow.Stage;
import io.millrace.ledger.Progress;
import io.millrace.ledger.Saved;
import io.millrace.spi.Replayable;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deploys the source of a stage on an event loop of its own. It is built here, opened and started when the run says so. */
final class SourceVerticle extends VerticleBase {
    private final RunScope run;
    private final Stage stage;
    private final Stage.SourceDef definition;
    private final Origin origin;
    private final RunControl control;
    private final Optional<Durability> durability;
    private final Settling settling = new Settling();
    private @Nullable Source source;
    private Durability.@Nullable Feed resumed;
    private @Nullable Loop loop;
    private @Nullable SourceFeed feed;
    private @Nullable Router router;
    private boolean opened;

    SourceVerticle(
            RunScope run,
            Stage stage,
            Stage.SourceDef definition,
            Origin origin,
            RunControl control,
            Optional<Durability> durability) {
        this.run = run;
        this.stage = stage;
        this.definition = definition;
        this.origin = origin;
        this.control = control;
        this.durability = durability;
    }

    @Override
    public Future<?> start() {
        Loop own = new VertxLoop(context);
        loop = own;
        run.watch().loop(own);
        source = definition.type().build(definition.settings(), RunAssembly.forConnector(run, stage.name(), false));
        return Future.succeededFuture();
    }

    Stage stage() {
        return stage;
    }

    Origin origin() {
        return origin;
    }

    boolean endless() {
        return source != null && source.endless();
    }

    long expected() {
        return source == null ? -1 : source.expected();
    }

    /** Opens the source on its loop. */
    Future<Void> open() {
        Promise<Void> done = Promise.promise();
        Source of = Objects.requireNonNull(source);
        context.runOnContext(ignored -> {
            opened = true;
            of.open().compose(open -> resume(of)).onComplete(done);
        });
        return done.future();
    }

    private Future<Void> resume(Source of) {
        return durability
                .map(durable -> durable.source(stage, origin, of, Objects.requireNonNull(loop))
                        .<Void>map(feed -> {
                            resumed = feed;
                            return null;
                        }))
                .orElse(Future.succeededFuture());
    }

    /** Whether what it reads is what a finished run has read. */
    Future<Boolean> isAs(Saved finished) {
        Promise<Boolean> same = Promise.promise();
        context.runOnContext(ignored -> isSame(finished).onComplete(same));
        return same.future();
    }

    private Future<Boolean> isSame(Saved finished) {
        Optional<Progress> then = finished.progress().stream()
                .filter(progress -> progress.stage().equals(stage.name()))
                .findFirst();
        return source instanceof Replayable replayable && then.isPresent()
                ? replayable.fingerprint().map(now -> now.equals(then.get().fingerprint()))
                : Future.succeededFuture(false);
    }

    /** Begins to read. */
    void begin(Wiring wiring) {
        Loop own = Objects.requireNonNull(loop);
        own.execute(() -> {
            Router ways = wiring.sourceRouter(stage.name(), own, settling, control, true);
            router = ways;
            Durability.Feed from = resumed == null
                    ? new Durability.Feed(Objects.requireNonNull(source), new Admission.Plain(origin))
                    : resumed;
            feed = new SourceFeed(stage, from.source(), origin, ways, settling, own, run, control, from.admission());
            feed.start();
        });
    }

    /** Reads no more; a source that never began has ended. */
    void halt() {
        Loop own = loop;
        if (own == null) {
            origin.end();
            return;
        }
        own.execute(() -> {
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
        Optional<Future<Void>> closing = feed == null ? Optional.empty() : feed.closing();
        return closing.orElseGet(() -> source == null || !opened ? Future.succeededFuture() : source.close());
    }
}
