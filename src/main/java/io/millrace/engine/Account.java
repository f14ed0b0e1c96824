package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Flow.Limits;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a run has read and what has failed, against its limits, and keeps its dead letters. Any thread. */
final class Account {
    /** Records before which a share of failures means nothing. */
    private static final int FEW = 100;

    private final String runId;
    private final DeadLetterFile file;
    private final Redaction redaction;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Limits limits = Limits.NONE;
    private volatile int sources = 1;
    private volatile long before;
    private volatile LetterCount letters;

    Account(String runId, DeadLetterFile file, Redaction redaction) {
        this.redaction = redaction;
        this.runId = runId;
        this.file = file;
        this.letters = file;
    }

    String runId() {
        return runId;
    }

    void limits(Limits ofFlow, int ofSources) {
        limits = ofFlow;
        sources = Math.max(1, ofSources);
    }

    /** Lets a source read so many of what is left at the most; with several, its share: one that waits must not hold all of it. */
    int reserve(int wanted) {
        if (limits.items().isEmpty()) {
            return wanted;
        }
        long most = limits.items().getAsLong();
        long before = reserved.getAndUpdate(now -> now + granted(wanted, most - now));
        return (int) granted(wanted, most - before);
    }

    private long granted(int wanted, long left) {
        return Math.min(wanted, (Math.max(0, left) + sources - 1) / sources);
    }

    /** What came of a reservation. */
    void read(int records, int unused) {
        read.addAndGet(records);
        if (limits.items().isPresent()) {
            reserved.addAndGet(-unused);
        }
    }

    /** Dead letters are kept elsewhere, and so many records were done by earlier processes. */
    void goesOn(LetterCount elsewhere, long done) {
        letters = elsewhere;
        before = done;
        reserved.addAndGet(done);
    }

    long read() {
        return before + read.get();
    }

    long deadLetters() {
        return letters.count();
    }

    String firstDeadLetter() {
        return letters.first();
    }

    /** Counts a failure; says why the run must stop, if it must. */
    Optional<String> failed() {
        long count = failures.incrementAndGet();
        if (limits.failures().isPresent() && count > limits.failures().getAsLong()) {
            return Optional.of("more than " + limits.failures().getAsLong() + " items failed (limits.failures).");
        }
        return read.get() < FEW ? Optional.empty() : share(count);
    }

    /** Looks at the share of failures once more at the end, when there were too few records before. */
    Optional<String> atEnd() {
        return read.get() == 0 ? Optional.empty() : share(failures.get());
    }

    private Optional<String> share(long count) {
        double percent = 100.0 * count / read.get();
        return limits.failuresPercent().isPresent()
                        && percent > limits.failuresPercent().getAsDouble()
                ? Optional.of(String.format(
                        "%.1f %% of the items failed, more than %s %% (limits.failures).",
                        percent, limits.failuresPercent().getAsDouble()))
                : Optional.empty();
    }

    Future<Void> keep(String stage, JsonNode document, ObjectNode meta, Failure failure) {
        ObjectNode letter = JsonNodeFactory.instance.objectNode();
        letter.put("run", runId).put("stage", stage).put("at", Instant.now().toString());
        letter.set("error", redaction.of(failure.toJson()));
        letter.set("meta", meta);
        letter.set("document", redaction.of(document));
        return file.put(letter);
    }
}
