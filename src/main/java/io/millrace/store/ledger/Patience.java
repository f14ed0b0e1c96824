package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a slow transaction from a dead line: on a line that was cut without a word, nothing comes and nothing fails. When an answer takes long,
 * the server is asked over another line what it does for this one. If it does nothing for it, and has done nothing when it is asked again, the line is given up; so
 * it is when nobody answers twice. While it works, it is asked less and less often.
 */
final class Patience {
    private static final String DOING =
            "SELECT state = 'active', state_change FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2";

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Signs of death. */
    private static final int STRIKES = 2;

    /** What the server does for a line, and since when; not known, nothing. */
    private record Doing(boolean works, @Nullable OffsetDateTime since) {
        static final Doing NOTHING = new Doing(false, null);
    }

    private final Vertx vertx;
    private final Dial dial;
    private final Duration time;

    Patience(Vertx vertx, Dial dial, Duration time) {
        this.vertx = vertx;
        this.dial = dial;
        this.time = time;
    }

    /** As the answer, or a timeout. The line is then as good as dead; a late answer goes unheard. */
    <T> Future<T> watch(Line line, Future<T> answer) {
        if (answer.isComplete()) {
            return answer;
        }
        Promise<T> promise = Promise.promise();
        answer.onComplete(promise::tryComplete, promise::tryFail);
        new Watch(line, promise).begin();
        return promise.future();
    }

    private final class Watch {
        private final Line line;
        private final Promise<?> promise;
        private final Duration patience;
        private Doing last = Doing.NOTHING;
        private Duration pause;
        private int strikes;
        private long timer;

        Watch(Line line, Promise<?> promise) {
            this.line = line;
            this.promise = promise;
            this.patience = line.since() == null ? LONGEST : time; // behind a pooler nothing can be found out
            this.pause = patience;
            promise.future().onComplete(done -> vertx.cancelTimer(timer));
        }

        void begin() {
            wind(patience);
        }

        private void wind(Duration until) {
            if (!promise.future().isComplete()) {
                timer = vertx.setTimer(Math.max(1, until.toMillis()), id -> look());
            }
        }

        private void look() {
            ask().otherwise(Doing.NOTHING).onSuccess(doing -> {
                if (doing.works()) {
                    strikes = 0;
                    pause = pause.compareTo(LONGEST.dividedBy(2)) < 0 ? pause.multipliedBy(2) : LONGEST;
                    wind(pause);
                } else {
                    strikes = doing.equals(last) || doing.since() == null ? strikes + 1 : 1;
                    strike();
                }
                last = doing;
            });
        }

        private void strike() {
            if (strikes < STRIKES) {
                wind(patience.dividedBy(2));
            } else {
                promise.tryFail(new TimeoutException("the line to the store fell silent"));
            }
        }

        private Future<Doing> ask() {
            return dial.dial()
                    .compose(other -> other.run(DOING, line.pid(), line.since())
                            .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .map(Watch::doing)
                            .onComplete(done -> other.drop()));
        }

        private static Doing doing(RowSet<Row> rows) {
            return rows.size() == 0
                    ? Doing.NOTHING
                    : new Doing(
                            rows.iterator().next().getBoolean(0),
                            rows.iterator().next().getOffsetDateTime(1));
        }
    }
}
