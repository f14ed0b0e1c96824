package io.millrace.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All runs at one moment, and how fast they are.
 *
 * @param rates by the names of runs and stages
 * @param trouble why the store was not asked; empty if it was, or there is none
 */
record Look(Instant at, List<TopRun> runs, Map<String, Double> rates, String trouble) {
    double perSecond(TopRun run) {
        return rates.getOrDefault(run.key(), 0.0);
    }

    double perSecond(TopRun run, TopRun.Stage stage) {
        return rates.getOrDefault(name(run, stage), 0.0);
    }

    static String name(TopRun run, TopRun.Stage stage) {
        return run.key() + "\n" + stage.name();
    }
}
