package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Brake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Watches the stages of a run for a sudden rise of failures: while one is held back, no records are read and no rows are claimed. It also holds all of them back while as much is
 * held as may be and commits lag behind: what was let in may become more than was thought. Any thread.
 */
final class Spikes {
    private static final double DEFAULT = 0.5;

    private final Letters letters;
    private final Gate gate;
    private final Loop loop;
    private final Map<String, Spike> stages = new ConcurrentHashMap<>();
    private final CopyOnWriteArraySet<Spike> paused = new CopyOnWriteArraySet<>();
    private volatile boolean full;
    private volatile boolean held;
    private volatile double rise = DEFAULT;
    private volatile long records;
    private volatile long failures;

    Spikes(Letters letters, Gate gate, Loop loop) {
        this.letters = letters;
        this.gate = gate;
        this.loop = loop;
    }

    /**
     * @param share by how much the share of failures may rise
     * @param done records that earlier processes of the run have done, with that many dead letters
     */
    void expect(Optional<Double> share, long done, long letters) {
        rise = share.orElse(DEFAULT);
        records = done;
        failures = Math.min(done, letters);
    }

    Brake of(String stage) {
        return stages.computeIfAbsent(stage, name -> new Spike(name, this, loop));
    }

    String shown(String text) {
        return letters.shown(text);
    }

    /** Whether nothing is to begin until more is committed: no more memory may be taken, and complete records wait to be let go. */
    boolean isFull() {
        return gate.isFull() && full;
    }

    /**
     * Tells whether there is something that a commit will let go of. If not, what is under way has to come to its end, whatever it takes: nothing else makes room.
     */
    void waits(boolean forCommits) {
        if (full != forCommits) {
            full = forCommits;
            if (!forCommits) {
                free();
            }
        }
    }

    /** Something was let go. */
    void free() {
        if (!stages.isEmpty() && held) {
            held = false;
            stages.values().forEach(Spike::free);
        }
    }

    /** Somebody was held back since all is held that may be. */
    void heldBack() {
        held = true;
    }

    double rise() {
        return rise;
    }

    /** The share of failures of earlier processes; empty if they say nothing. */
    Optional<Double> before() {
        return records < Spike.WINDOW ? Optional.empty() : Optional.of((double) failures / records);
    }

    void pause(Spike stage) {
        paused.add(stage);
        gate.shut();
    }

    /** Lets so many records in, to be tried. */
    void admit(int records) {
        gate.allow(records);
    }

    void resume(Spike stage) {
        paused.remove(stage);
        if (paused.isEmpty()) {
            gate.reopen();
        }
    }

    /** The stages that are held back; empty: all go on. */
    List<String> paused() {
        List<String> names = new ArrayList<>();
        paused.forEach(spike -> names.add(spike.stage()));
        return names;
    }
}
