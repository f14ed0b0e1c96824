package io.millrace.cli;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.Member;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the store keeps, asked by a thread that may wait. */
final class Stored implements AutoCloseable {
    private static final int PAGE = 500;

    private final Opening opening;
    private final Optional<String> address;

    /** @param address that a flow names */
    Stored(Opening opening, Optional<String> address) {
        this.opening = opening;
        this.address = address;
    }

    /** Its id, and how it names this machine. */
    <T> T of(Function<Ledger, T> what) {
        return ask(ledger -> Future.succeededFuture(what.apply(ledger)));
    }

    /** Where all unfinished runs stand. */
    List<RunWork> work() {
        return ask(Ledger::work);
    }

    /** Whether there was such a run to end. */
    boolean cancel(long run) {
        return ask(ledger -> ledger.cancel(run, ExitCode.CANCELLED));
    }

    /** All runs, the newest first. */
    List<RunSummary> runs() {
        return ask(Ledger::runs);
    }

    /** Who lives, and works on what. */
    List<Member> members() {
        return ask(Ledger::members);
    }

    /**
     * Shows the dead letters of a run, the oldest first.
     *
     * @param next tells whether to go on
     */
    void letters(long run, Predicate<KeptLetter> next) {
        long after = -1;
        while (true) {
            long from = after;
            List<KeptLetter> page = ask(ledger -> ledger.deadLetters(run, from, PAGE));
            for (KeptLetter letter : page) {
                if (!next.test(letter)) {
                    return;
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            after = page.get(page.size() - 1).id();
        }
    }

    /** The letter of that id. */
    Optional<KeptLetter> letter(long id) {
        for (RunSummary run : runs()) {
            List<KeptLetter> nearest =
                    run.deadLetters() == 0 ? List.of() : ask(ledger -> ledger.deadLetters(run.id(), id - 1, 1));
            if (!nearest.isEmpty() && nearest.get(0).id() == id) {
                return Optional.of(nearest.get(0));
            }
        }
        return Optional.empty();
    }

    /** Yields how many there were. */
    int drop(List<Long> letters) {
        return inPages(letters, (ledger, page) -> ledger.drop(page));
    }

    /** Yields how many there were. */
    int replay(List<Long> letters) {
        return inPages(letters, (ledger, page) -> ledger.replay(page));
    }

    private int inPages(List<Long> letters, BiFunction<Ledger, List<Long>, Future<Integer>> change) {
        int sum = 0;
        for (int from = 0; from < letters.size(); from += PAGE) {
            List<Long> page = new ArrayList<>(letters.subList(from, Math.min(letters.size(), from + PAGE)));
            sum += ask(ledger -> change.apply(ledger, page));
        }
        return sum;
    }

    private <T> T ask(Function<Ledger, Future<T>> question) {
        try {
            return opening.works()
                    .ledger(address)
                    .compose(question::apply)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserError(ExitCode.FAILED, "the store cannot be asked: " + cause.getMessage());
        }
    }

    @Override
    public void close() {
        opening.close();
    }
}
