package io.millrace.cli;

import io.millrace.control.LocalRuns;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.RunWork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks at all runs, again and again. One thread, which may wait. */
final class Lookout implements AutoCloseable {
    private final LocalRuns nearby;
    private final Optional<Stored> store;
    private final Predicate<TopRun> wanted;
    private final Rates rates = new Rates();
    private String storeId = "";
    private String host = here();
    private boolean seen;

    Lookout(LocalRuns nearby, Optional<Stored> store, Predicate<TopRun> wanted) {
        this.nearby = nearby;
        this.store = store;
        this.wanted = wanted;
    }

    private static String here() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** @throws UserError if the store does not answer, and never did; later that is a trouble of the look */
    Look look() {
        String trouble = "";
        List<RunWork> kept = List.of();
        try {
            if (store.isPresent()) {
                kept = work(store.get());
            }
        } catch (UserError e) {
            if (!seen) {
                throw e;
            }
            trouble = String.valueOf(e.getMessage());
        }
        Instant now = Instant.now();
        long at = System.nanoTime();
        List<TopRun> runs = Overview.of(Nearby.list(nearby), kept, storeId, host, now).stream()
                .filter(wanted)
                .toList();
        return new Look(now, runs, rates(runs, at), trouble);
    }

    private List<RunWork> work(Stored from) {
        if (!seen) {
            storeId = from.of(Ledger::storeId).toString();
            host = from.of(Ledger::host);
        }
        List<RunWork> work = from.work();
        seen = true;
        return work;
    }

    private Map<String, Double> rates(List<TopRun> runs, long at) {
        Map<String, Double> all = new HashMap<>();
        for (TopRun run : runs) {
            all.put(run.key(), rates.perSecond(run.key(), run.done(), at));
            run.stages().forEach(stage -> {
                String name = Look.name(run, stage);
                all.put(name, rates.perSecond(name, stage.done(), at));
            });
        }
        return all;
    }

    @Override
    public void close() {
        store.ifPresent(Stored::close);
        nearby.close();
    }
}
