package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Stage.Limit;
import io.millrace.ledger.Permits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The permits of a rate that holds for all processes of a run together. They are fetched some at a time: twice as many as before when those were all used, one when
 * they were not. A permit that was not used soon after its moment is lost, so that none pile up.
 */
final class WideRate {
    /** How often it is looked whether permits have come. */
    private static final long GLANCE = 5_000_000;

    private static final long STALE = 500_000_000;
    private static final int MOST_KEYS = 10_000;
    private static final int MOST = 100_000;

    /** Permits of one key. */
    private static final class Stock {
        private Permits.@Nullable Reserved come;
        private boolean asked;
        private long due;
        private long every;
        private int left;
        private int next = 1;
    }

    private final String name;
    private final Limit limit;
    private final Function<Permits.Wanted, Future<Permits.Reserved>> reserve;
    private final Map<JsonNode, Stock> stocks = new HashMap<>();

    WideRate(String name, Limit limit, Function<Permits.Wanted, Future<Permits.Reserved>> reserve) {
        this.name = name;
        this.limit = limit;
        this.reserve = reserve;
    }

    /** Uses a permit and returns 0, or says after how many nanoseconds to ask again. */
    synchronized long take(JsonNode key, long now) {
        if (stocks.size() >= MOST_KEYS) {
            stocks.values().removeIf(stock -> !stock.asked && stock.left == 0);
        }
        Stock stock = stocks.computeIfAbsent(key, absent -> new Stock());
        unpack(stock, now);
        discard(stock, now);
        if (stock.left > 0 && stock.due <= now) {
            stock.left--;
            stock.due += stock.every;
            return 0;
        }
        if (stock.left > 0) {
            return stock.due - now;
        }
        ask(key, stock);
        return GLANCE;
    }

    /** The moments of permits count from when they came; here from a little later. */
    private static void unpack(Stock stock, long now) {
        Permits.Reserved reserved = stock.come;
        if (reserved != null) {
            stock.come = null;
            stock.due = now + reserved.after().toNanos();
            stock.every = reserved.every().toNanos();
            stock.left = reserved.count();
            stock.next = Math.min(MOST, 2 * reserved.count());
        }
    }

    private static void discard(Stock stock, long now) {
        while (stock.left > 1 && stock.due < now - STALE) {
            stock.left--;
            stock.due += stock.every;
            stock.next = 1;
        }
    }

    private void ask(JsonNode key, Stock stock) {
        if (stock.asked) {
            return;
        }
        stock.asked = true;
        reserve.apply(new Permits.Wanted(
                        name,
                        key.toString(),
                        Duration.ofNanos(limit.rate().intervalNanos()),
                        Math.max(1, limit.burst()),
                        stock.next))
                .onComplete(done -> came(stock, done.succeeded() ? done.result() : null));
    }

    private synchronized void came(Stock stock, Permits.@Nullable Reserved reserved) {
        stock.asked = false;
        stock.come = reserved;
    }
}
