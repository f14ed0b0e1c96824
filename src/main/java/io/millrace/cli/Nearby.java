package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns;
import io.millrace.control.LocalRuns.Found;
import io.millrace.control.LocalRuns.Refused;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The runs of this machine, by the names that people give them. */
final class Nearby {
    private static final int SHORT = 8;

    private Nearby() {}

    static List<Found> list(LocalRuns nearby) {
        return await(nearby.list());
    }

    /**
     * The run of that id or number, or of an id that begins so, or of the flow or process of that name or number: in each process here that works on it; none if it
     * is not here.
     */
    static List<Found> find(List<Found> all, String name) {
        List<Found> meant = all.stream().filter(run -> isMeant(run, name)).toList();
        if (meant.size() > 1 && !isOne(meant)) {
            throw UserError.usage(
                    "\"" + name + "\" is the name of several runs: " + listed(meant) + ". Say which by its id or pid.");
        }
        return meant;
    }

    static UserError unknown(List<Found> all, String name) {
        return UserError.usage("no run is called \"" + name + "\"."
                + (all.isEmpty()
                        ? " None of this user is under way on this machine."
                        : " Under way are: " + listed(all) + "."));
    }

    /** A run that is kept in a store may be worked on by several processes. */
    private static boolean isOne(List<Found> runs) {
        return runs.stream().allMatch(run -> run.view().has("run"))
                && runs.stream()
                                .map(run -> run.view().path("store").asText() + "/"
                                        + run.view().path("run").asText())
                                .distinct()
                                .count()
                        == 1;
    }

    private static boolean isMeant(Found run, String name) {
        boolean id = name.length() >= 4 && run.id().startsWith(name);
        return id
                || run.id().equals(name)
                || run.view().path("run").asText().equals(name)
                || run.flow().equals(name)
                || run.view().path("pid").asText().equals(name);
    }

    private static String listed(List<Found> runs) {
        return String.join(
                ", ",
                runs.stream()
                        .map(run -> run.flow() + " (" + shortId(run) + ", pid "
                                + run.view().path("pid").asText() + ")")
                        .toList());
    }

    /** Its number in the store, or as much of its id as tells runs apart. */
    static String shortId(Found run) {
        return shortId(run.view());
    }

    static String shortId(JsonNode view) {
        String id = view.path("id").asText();
        return view.has("run") ? view.path("run").asText() : id.length() <= SHORT ? id : id.substring(0, SHORT);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String said = String.valueOf(cause.getMessage());
            throw new UserError(ExitCode.FAILED, cause instanceof Refused ? said : "the run does not answer: " + said);
        }
    }
}
