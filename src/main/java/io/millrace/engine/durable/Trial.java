package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.queue.Loop;
import io.millrace.ledger.Commit;
import io.millrace.ledger.FencedException;
import io.millrace.ledger.Outcome;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the record that ends the process whenever it is worked on. A start counts until a record is committed; after {@link #STARTS} in a row that came to
 * nothing, records are worked on one at a time, and each is named in the store before it begins. What is named there when a process begins was being
 * worked on, alone, when the last one died. Three times are no accident: then it becomes a dead letter. An innocent record is named only if somebody else kills the process in that very
 * moment.
 *
 * <p>Rows of queues need no name: the store counts how often each was claimed by a process that died, see {@link QueueSource}; only the turns are the same.
 *
 * <p>The store keeps {@code {"starts", "tried": {"stage", "token", "deaths"}, "suspects": [like tried]}}. Its turns are given on the committer's loop.
 */
final class Trial {
    /** Starts in a row without a commit before records are worked on one at a time. */
    static final int STARTS = 3;

    /** Deaths with the same record, alone, that make it a dead letter. */
    static final int DEATHS = 3;

    /** How long one record at a time goes on if nothing dies of it: what killed before was something else. */
    private static final Duration MOST_TIME = Duration.ofMinutes(2);

    /** Records that are still taken one at a time when one was found: where there is one, there may be more. */
    private static final int AFTERWARDS = 32;

    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

    private record Suspect(String stage, JsonNode token, int deaths) {
        static Suspect of(JsonNode kept, int more) {
            return new Suspect(
                    kept.path("stage").asText(),
                    kept.path("token"),
                    kept.path("deaths").asInt() + more);
        }

        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("stage", stage).set("token", token);
            return json.put("deaths", deaths);
        }
    }

    /** Somebody who waits for a turn, with the record's place if it is to be named. */
    private record Waiting(Optional<Suspect> named, Promise<Boolean> turn) {}

    private final Books books;
    private final Loop loop;
    private final Gate gate;
    private final Committer committer;
    private final List<Suspect> suspects = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int starts;
    private boolean kept;
    private boolean awaiting;
    private long left;
    private volatile boolean on;
    private volatile int rounds;

    Trial(Books books, Loop loop, Gate gate, Committer committer) {
        this.books = books;
        this.loop = loop;
        this.gate = gate;
        this.committer = committer;
    }

    /** Why a record is not worked on any more. */
    static Failure failure(String stage, String what) {
        return Failure.build(
                        Failure.Kind.LIMIT,
                        what
                                + " It is not tried again. Find out what of it does that (a program that is run, memory, a library); then"
                                + " `millrace dead replay` sends it back.")
                .code("CRASHED")
                .step(stage)
                .done();
    }

    /** Whether records are worked on one at a time. Any thread. */
    boolean isOn() {
        return on;
    }

    /**
     * Goes on with what the last process that read the sources has left; yields what is to be kept from now on.
     *
     * @param left null: nothing
     */
    synchronized ObjectNode opened(@Nullable ObjectNode left) {
        JsonNode before = left == null ? NOTHING : left;
        starts = before.path("starts").asInt();
        suspects.clear();
        before.path("suspects").forEach(each -> suspects.add(Suspect.of(each, 0)));
        if (before.has("tried")) {
            suspects.add(0, Suspect.of(before.path("tried"), 1));
        }
        kept = true;
        if (starts >= STARTS || !suspects.isEmpty()) {
            LOG.warn(
                    "the last {} starts of run {} ended before anything was committed: one record at a time now, to find the one"
                            + " that ends the process. This is slow, and soon over",
                    Math.max(starts, STARTS),
                    books.run().id());
            begin(gate.mostRoots());
        }
        return json(starts + 1, Optional.empty());
    }

    private ObjectNode json(int count, Optional<Suspect> tried) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("starts", count);
        tried.ifPresent(one -> json.set("tried", one.json()));
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        suspects.stream()
                .filter(one -> tried.isEmpty() || !isSame(one, tried.get()))
                .forEach(one -> others.add(one.json()));
        return others.isEmpty() ? json : json.set("suspects", others);
    }

    private static boolean isSame(Suspect one, Suspect other) {
        return one.stage.equals(other.stage)
                && one.token.toString().equals(other.token.toString()); // 5 is 5, read back or not
    }

    /** A row of a queue is to be found alone: processes died with it, as with so many that it came with. Any thread. */
    void doubt(String stage, int attempt, int rows) {
        synchronized (this) {
            if (!on) {
                LOG.warn(
                        "{} processes died while they had an item of the queue of stage \"{}\": one record at a time now, to find"
                                + " out whether it is the item that ends them",
                        attempt - 1,
                        stage);
            }
            begin(Math.max(on ? left : 0, rows));
        }
        loop.execute(this::look);
    }

    private void begin(long records) {
        left = records;
        if (!on) {
            on = true;
            gate.careful(true);
            int round = ++rounds;
            loop.execute(() -> loop.after(MOST_TIME, () -> {
                if (round == rounds) {
                    over("nothing has ended it for a while");
                }
            }));
        }
    }

    private void over(String why) {
        synchronized (this) {
            if (!on) {
                return;
            }
            on = false;
            rounds++;
            LOG.info("{}: all records go on side by side", why);
        }
        gate.careful(false);
        look();
    }

    /**
     * Waits until nothing else is under way, and names the record. False: it is the one that ends the process. Whoever gets a turn calls {@link #sent} when the
     * record counts as live, or does not come. Any thread; completes on the committer's loop.
     */
    Future<Boolean> turn(String stage, JsonNode token) {
        return turn(Optional.of(new Suspect(stage, token, deaths(stage, token))));
    }

    /** A turn for a record that needs no name. */
    Future<Boolean> turn() {
        return turn(Optional.empty());
    }

    private synchronized int deaths(String stage, JsonNode token) {
        return suspects.stream()
                .filter(one -> isSame(one, new Suspect(stage, token, 0)))
                .mapToInt(Suspect::deaths)
                .findFirst()
                .orElse(0);
    }

    private Future<Boolean> turn(Optional<Suspect> named) {
        Promise<Boolean> turn = Promise.promise();
        loop.execute(() -> {
            waiting.add(new Waiting(named, turn));
            look();
        });
        return turn.future();
    }

    /** The record is live now, or there is none. Any thread. */
    void sent() {
        gate.entered();
    }

    private void look() {
        while (!waiting.isEmpty() && (!on || gate.enter())) {
            grant(waiting.remove());
        }
        if (!waiting.isEmpty() && !awaiting) {
            awaiting = true;
            gate.await(loop, () -> {
                awaiting = false;
                look();
            });
        }
    }

    private void grant(Waiting next) {
        if (!on || next.named.isEmpty()) {
            next.turn.complete(true);
            return;
        }
        Suspect record = next.named.get();
        if (record.deaths >= DEATHS) {
            found(record);
            next.turn.complete(false);
            return;
        }
        ObjectNode name = json(starts + 1, Optional.of(record));
        kept = true;
        committer
                .alone(() -> books.run().commit(Commit.NOTHING.withTrial(name)))
                .onComplete(done -> {
                    if (done.succeeded() && done.result() instanceof Outcome.Committed) {
                        next.turn.complete(true);
                    } else {
                        Throwable why = done.cause() == null ? new FencedException() : done.cause();
                        books.failed(why);
                        next.turn.fail(why);
                    }
                });
    }

    private synchronized void found(Suspect record) {
        LOG.warn(
                "the process died {} times while it worked on one record of stage \"{}\" alone (its place: {}): it becomes a dead letter",
                record.deaths,
                record.stage,
                record.token);
        left = Math.min(left, AFTERWARDS);
    }

    /** What is to be kept with the next commit of records; null: nothing else. On the committer's loop. */
    synchronized @Nullable ObjectNode kept() {
        return kept && !on ? NOTHING : null;
    }

    /** So many records were committed, and {@link #kept} with them. On the committer's loop. */
    void committed(int records, boolean withIt) {
        synchronized (this) {
            if (withIt) {
                kept = false;
                starts = 0;
                suspects.clear();
            }
            left -= records;
        }
        if (on && left <= 0) {
            over("nothing has ended it now");
        }
    }

    /** What is to be kept when the process leaves in good order: nobody has died of it. Empty: as it is. */
    synchronized Optional<ObjectNode> left() {
        if (!kept) {
            return Optional.empty();
        }
        return Optional.of(starts == 0 && suspects.isEmpty() ? NOTHING : json(starts, Optional.empty()));
    }
}
