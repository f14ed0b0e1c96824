package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells a slow transaction from a dead line: on a line that was cut without a word, nothing comes and nothing fails. When an answer takes long,
 * the server is asked over another line whether it works on it. Two signs in a row that it does not, or that nobody answers, give the
 * line up.
 */
final class Patience {
    private static final String WORKING =
            "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2 AND state = 'active'";

    private static final int STRIKES = 2;

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
        new Watch(line, promise).wind(0);
        return promise.future();
    }

    private final class Watch {
        private final Line line;
        private final Promise<?> promise;
        private long timer;

        Watch(Line line, Promise<?> promise) {
            this.line = line;
            this.promise = promise;
            promise.future().onComplete(done -> vertx.cancelTimer(timer));
        }

        void wind(int strikes) {
            if (!promise.future().isComplete()) {
                timer = vertx.setTimer(Math.max(1, time.toMillis()), id -> look(strikes));
            }
        }

        private void look(int strikes) {
            isWorking().onComplete(working -> {
                if (working.succeeded() && working.result()) {
                    wind(0);
                } else if (strikes + 1 < STRIKES) {
                    wind(strikes + 1);
                } else {
                    promise.tryFail(new TimeoutException("the line to the store fell silent"));
                }
            });
        }

        private Future<Boolean> isWorking() {
            return dial.dial()
                    .compose(other -> other.run(WORKING, line.pid(), line.since())
                            .timeout(time.toMillis(), TimeUnit.MILLISECONDS)
                            .map(rows -> rows.size() > 0)
                            .onComplete(done -> other.drop()));
        }
    }
}
