package io.millrace.store.ledger;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The last sign of life of a process.
 *
 * @param host null if it has left
 * @param place see {@link Machine}
 * @param began when it began, in ms
 * @param silence seconds since its last beat
 * @param uptime seconds since the server was started
 */
record Sign(@Nullable String host, String place, long pid, long began, double silence, double uptime) {
    static final String COLUMNS = "n.host, n.machine, n.pid, n.started,"
            + " extract(epoch FROM clock_timestamp() - n.beat)::float8,"
            + " extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8";

    static Sign of(Row row, int at) {
        return row.getString(at) == null
                ? new Sign(null, "", 0, 0, 0, 0)
                : new Sign(
                        row.getString(at),
                        row.getString(at + 1),
                        row.getLong(at + 2),
                        row.getLong(at + 3),
                        row.getDouble(at + 4),
                        row.getDouble(at + 5));
    }

    /**
     * Tells who is dead.
     *
     * @param grace what processes are given after a start of the server to be heard again: while it was away nobody could beat
     */
    record Judge(Machine here, Duration grace) {
        private static final double DEAD_AFTER_SECONDS = 30;

        boolean isDead(Sign sign) {
            return isGone(sign) || isSilent(sign);
        }

        /** Known for sure, whatever the store has heard. */
        boolean isGone(Sign sign) {
            return sign.host() == null || here.hasEnded(sign.place(), sign.pid(), sign.began());
        }

        /** On this host and not in this boot of it, it need not be given time. */
        private boolean isSilent(Sign sign) {
            boolean earlier = here.host().equals(sign.host()) && !here.place().equals(sign.place());
            return sign.silence() > DEAD_AFTER_SECONDS && (earlier || sign.uptime() > grace.toMillis() / 1e3);
        }
    }
}
