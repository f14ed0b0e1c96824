package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ticks. */
final class TimerSource implements SourceType {
    private static final Field<Duration> EVERY = Field.of("every", Types.duration(), "The time between two ticks.")
            .required()
            .example("10s");
    private static final Field<Long> COUNT = Field.of("count", Types.longInteger(0, Long.MAX_VALUE), "How many ticks.")
            .defaultDoc("for ever");
    private static final Spec SPEC = Spec.source("timer", "Yields a tick at regular times, the first at once.")
            .main(EVERY)
            .fields(COUNT)
            .rule((settings, check) -> settings.find(EVERY).ifPresent(every -> {
                if (every.toMillis() < 1) {
                    check.error(settings.at(), "\"every\" is less than a millisecond.", "Write 1ms or more.");
                }
            }))
            .returns("`{at, tick}`: the time in ISO 8601 and the number of the tick, from 1")
            .note(
                    "Ticks keep to their schedule however late one of them is; a tick whose time passes while the stage is full is"
                            + " left out.")
            .example("{\"source\": {\"timer\": {\"every\": \"50ms\", \"count\": 3}}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new Ticks(
                assembly.vertx(),
                settings.get(EVERY).toNanos(),
                settings.find(COUNT).orElse(Long.MAX_VALUE));
    }

    /** Position: the number of the tick, from 1. */
    private static final class Ticks implements Source {
        private final Vertx vertx;
        private final long every;
        private final long count;
        private long due = Long.MIN_VALUE;
        private long tick;
        private boolean closed;
        private @Nullable Long timer;
        private @Nullable Promise<Boolean> waiting;

        Ticks(Vertx vertx, long every, long count) {
            this.vertx = vertx;
            this.every = every;
            this.count = count;
        }

        @Override
        public Future<Boolean> read(Records into) {
            if (tick >= count || closed) {
                return Future.succeededFuture(false);
            }
            long now = System.nanoTime();
            due = tick == 0 ? now : due;
            return due <= now ? Future.succeededFuture(fire(into)) : wait(into, due - now);
        }

        private Future<Boolean> wait(Records into, long nanos) {
            Promise<Boolean> promise = Promise.promise();
            waiting = promise;
            long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
            timer = vertx.setTimer(millis, id -> promise.tryComplete(fire(into)));
            return promise.future();
        }

        private boolean fire(Records into) {
            tick++;
            String at = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
            into.add(JsonNodeFactory.instance.objectNode().put("at", at).put("tick", tick), tick);
            long missed = Math.max(0, System.nanoTime() - due) / every;
            due += (missed + 1) * every;
            return tick < count;
        }

        @Override
        public boolean endless() {
            return count == Long.MAX_VALUE;
        }

        @Override
        public long expected() {
            return endless() ? -1 : count;
        }

        @Override
        public Future<Void> close() {
            closed = true;
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
            if (waiting != null) {
                waiting.tryComplete(false);
            }
            return Future.succeededFuture();
        }
    }
}
