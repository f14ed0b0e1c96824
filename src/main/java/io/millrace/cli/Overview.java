package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns.Found;
import io.millrace.ledger.RunWork;
import io.millrace.ledger.RunWork.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Puts together what processes of this machine say of their runs and what a store knows: a durable run is seen by both. */
final class Overview {
    private static final Duration SILENT = Duration.ofSeconds(30);
    private static final String RECORDS = "records ";

    private Overview() {}

    /**
     * @param store id of the store that {@code kept} is from
     * @param host this machine, as that store names it
     */
    static List<TopRun> of(List<Found> near, List<RunWork> kept, String store, String host, Instant now) {
        Map<String, List<JsonNode>> views = new LinkedHashMap<>();
        near.forEach(found -> views.computeIfAbsent(key(found.view()), key -> new ArrayList<>())
                .add(found.view()));
        List<TopRun> runs = new ArrayList<>();
        for (RunWork work : kept) {
            String key = key(store, work.run().id());
            List<JsonNode> here = Optional.ofNullable(views.remove(key)).orElse(List.of());
            runs.add(new Sum(here, work, host).run(key, now));
        }
        views.forEach((key, here) -> runs.add(new Sum(here, null, host).run(key, now)));
        return runs;
    }

    private static String key(JsonNode view) {
        return view.has("run")
                ? key(view.path("store").asText(), view.path("run").asLong())
                : view.path("id").asText();
    }

    private static String key(String store, long run) {
        return store + "/" + run;
    }

    /** One run, from the views of processes here and, perhaps, from the store. */
    private record Sum(List<JsonNode> views, @Nullable RunWork work, String host) {
        TopRun run(String key, Instant now) {
            return new TopRun(
                    id(),
                    key,
                    work == null
                            ? views.get(0).path("flow").asText()
                            : work.run().flow(),
                    state(),
                    elapsed(now),
                    done(),
                    pending(),
                    work == null ? max("deadLetters") : sum(work.dead().values()),
                    stages().stream().map(this::stage).toList(),
                    work == null ? List.of() : work.sources(),
                    hands());
        }

        private String id() {
            if (work != null) {
                return String.valueOf(work.run().id());
            }
            return Nearby.shortId(views.get(0));
        }

        private String state() {
            if (!views.isEmpty()) {
                return views.get(0).path("state").asText();
            }
            List<RunWork.Hand> hands = known().hands();
            return hands.isEmpty()
                    ? "unfinished"
                    : hands.stream().allMatch(hand -> hand.sinceBeat().compareTo(SILENT) > 0) ? "silent" : "running";
        }

        private RunWork known() {
            return Objects.requireNonNull(work);
        }

        private Duration elapsed(Instant now) {
            return work == null
                    ? Duration.ofMillis(max("elapsedMs"))
                    : Duration.between(
                            work.run().began(),
                            now.isBefore(work.run().began()) ? work.run().began() : now);
        }

        private long done() {
            if (work != null) {
                return work.counts().getOrDefault(RECORDS.strip(), 0L);
            }
            return views.get(0).has("done")
                    ? max("done")
                    : views.stream().mapToLong(Sum::results).sum();
        }

        private static long results(JsonNode view) {
            long sum = 0;
            for (JsonNode stage : view.path("stages")) {
                sum += stage.path("last").asBoolean() ? stage.path("out").asLong() : 0;
            }
            return sum;
        }

        private long pending() {
            long unread = Math.max(0, max("expected") - max("read"));
            if (work != null) {
                return unread
                        + work.sources().stream().mapToLong(Reading::open).sum()
                        + work.queues().values().stream()
                                .mapToLong(RunWork.Rows::all)
                                .sum();
            }
            return unread
                    + stages().stream()
                            .mapToLong(name -> here(name, "inFlight") + here(name, "queued") + stored(name))
                            .sum();
        }

        private long max(String field) {
            return views.stream()
                    .mapToLong(view -> view.path(field).asLong())
                    .max()
                    .orElse(0);
        }

        private static long sum(Iterable<Long> counts) {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /** In the order of the flow, if a process that has read it is here. */
        private Set<String> stages() {
            Set<String> names = new LinkedHashSet<>();
            views.forEach(view -> view.path("stages")
                    .forEach(stage -> names.add(stage.path("name").asText())));
            if (work != null) {
                work.sources().forEach(source -> names.add(source.stage()));
                names.addAll(new TreeSet<>(work.queues().keySet()));
                names.addAll(new TreeSet<>(work.dead().keySet()));
            }
            return names;
        }

        private TopRun.Stage stage(String name) {
            RunWork.Rows rows =
                    work == null ? new RunWork.Rows(0, 0) : work.queues().getOrDefault(name, new RunWork.Rows(0, 0));
            long claimed = work == null ? 0 : claimed(name, hand -> true);
            long elsewhere = work == null ? 0 : claimed(name, hand -> !isHere(hand));
            Optional<Long> records = records(name);
            return new TopRun.Stage(
                    name,
                    here(name, "inFlight") + elsewhere,
                    here(name, "queued")
                            + Math.max(0, work == null ? stored(name) : rows.all() - claimed - rows.later()),
                    rows.later(),
                    records.orElseGet(() -> here(name, "in") - here(name, "inFlight")),
                    here(name, "failed"),
                    work == null ? 0 : work.dead().getOrDefault(name, 0L));
        }

        /** Of a stage that is fed by a source or from the store. */
        private Optional<Long> records(String stage) {
            return Optional.ofNullable(work).map(kept -> kept.counts().get(RECORDS + stage));
        }

        private long claimed(String stage, Predicate<RunWork.Hand> by) {
            ToLongFunction<RunWork.Hand> rows = hand -> hand.claimed().getOrDefault(stage, 0L);
            return known().hands().stream().filter(by).mapToLong(rows).sum();
        }

        private long here(String stage, String field) {
            long sum = 0;
            for (JsonNode view : views) {
                for (JsonNode at : view.path("stages")) {
                    sum += at.path("name").asText().equals(stage)
                            ? at.path(field).asLong()
                            : 0;
                }
            }
            return sum;
        }

        /** Rows in a store that is not looked into, as a process here sees it: those that do not lie here. */
        private long stored(String stage) {
            long most = 0;
            for (JsonNode view : views) {
                for (JsonNode at : view.path("stages")) {
                    most = at.path("name").asText().equals(stage)
                            ? Math.max(most, at.path("stored").asLong())
                            : most;
                }
            }
            return Math.max(0, most - here(stage, "inFlight") - here(stage, "queued"));
        }

        private boolean isHere(RunWork.Hand hand) {
            return hand.host().equals(host)
                    && views.stream().anyMatch(view -> view.path("pid").asLong() == hand.pid());
        }

        private List<TopRun.Hand> hands() {
            if (work == null) {
                return views.stream()
                        .map(view -> new TopRun.Hand(
                                host, view.path("pid").asLong(), Optional.empty(), List.of("all of it")))
                        .toList();
            }
            return work.hands().stream()
                    .map(hand -> new TopRun.Hand(
                            hand.host(), hand.pid(), Optional.of(hand.sinceBeat()), Doings.of(hand, work)))
                    .toList();
        }
    }
}
