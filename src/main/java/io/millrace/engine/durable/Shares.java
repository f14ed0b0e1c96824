package io.millrace.engine.durable;

import io.millrace.engine.stage.Unit;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Saved;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a shared run is whose. */
final class Shares {
    private final LedgerRun run;

    Shares(LedgerRun run) {
        this.run = run;
    }

    /** See {@link Durability#take}. */
    Future<Set<Unit>> take(Collection<Unit> units) {
        Set<Unit> mine = new HashSet<>();
        Future<Void> all = Future.succeededFuture();
        for (Unit unit : units) {
            all = all.compose(
                            done -> unit.alone() ? run.lease(unit.lease(), unit.name()) : Future.succeededFuture(true))
                    .map(won -> {
                        if (won) {
                            mine.add(unit);
                        }
                        return null;
                    });
        }
        return all.map(mine);
    }

    Future<Void> release(Unit unit) {
        return run.release(unit.lease(), List.of(unit.name()));
    }

    /** See {@link Durability#standing}. */
    Future<Standing> standing(Unit unit, Set<String> upstream, Set<String> sources, String host) {
        return run.isDone(sources, upstream)
                .compose(done -> run.saved().compose(saved -> {
                    List<FileMark> open = open(unit, saved);
                    if (done) {
                        return isOver(unit, open)
                                .compose(
                                        over -> over ? Future.succeededFuture(new Standing.Done()) : stays(open, host));
                    }
                    return stays(open, host);
                }));
    }

    /** Whether its files have their names, or a living process sees to that at its end: two that waited for each other's would wait for ever. */
    private Future<Boolean> isOver(Unit unit, List<FileMark> open) {
        return open.isEmpty()
                ? Future.succeededFuture(true)
                : run.leases()
                        .map(leases -> leases.stream()
                                .anyMatch(lease -> !lease.mine()
                                        && lease.kind().equals(unit.lease())
                                        && lease.name().equals(unit.name())));
    }

    private Future<Standing> stays(List<FileMark> open, String host) {
        return open.stream()
                .filter(file -> !file.host().equals(host))
                .findFirst()
                .map(this::away)
                .orElse(Future.succeededFuture(new Standing.Open()));
    }

    private static List<FileMark> open(Unit unit, Saved saved) {
        return saved.files().stream()
                .filter(file -> unit.stages().contains(file.stage()) && file.state() == FileMark.State.PART)
                .toList();
    }

    private Future<Standing> away(FileMark file) {
        return run.others()
                .map(others -> new Standing.Away(
                        file.host(),
                        file.path(),
                        others.stream().anyMatch(member -> member.host().equals(file.host()))));
    }
}
