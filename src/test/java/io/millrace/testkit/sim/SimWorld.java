package io.millrace.testkit.sim;

import io.millrace.engine.queue.Loop;
import io.millrace.engine.queue.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Event loops that run one task at a time on the caller's thread, under a clock of their own. Which loop runs next, how long a task
 * takes and how long a message travels, a seed decides: the same seed, the same run.
 */
public final class SimWorld {
    /** Tasks after which a world is taken for one that never comes to rest. */
    private static final long PATIENCE = 2_000_000;

    private static final int TASK_NANOS = 2_000;
    private static final int TRAVEL_NANOS = 50_000;

    private final SplittableRandom random;
    private final List<SimLoop> loops = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Machine home = new Machine();
    private long now;
    private long sequence;
    private long made;
    private long tasks;
    private long trace;
    private @Nullable SimLoop running;

    public SimWorld(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A loop of its own. */
    public Loop loop() {
        return home.loop();
    }

    /** Carries messages in order for one sending loop and address, after a while. To be used inside a loop's task. */
    public Wire wire() {
        return home.wire();
    }

    /** Where {@link #loop} and {@link #wire} are. */
    public Machine home() {
        return home;
    }

    /** Another process: nothing goes from one to another by itself. */
    public Machine machine() {
        return new Machine();
    }

    /** The loop whose task runs. */
    public Loop running() {
        if (running == null) {
            throw new IllegalStateException("only a loop's task may do this");
        }
        return running;
    }

    /** How many tasks have run. */
    public long tasks() {
        return tasks;
    }

    /** Sums up which loops have run, and when: equal in runs that are equal. */
    public long trace() {
        return trace;
    }

    /** One task, or one leap of the clock; false if nothing is left to do. */
    public boolean step() {
        boolean more = step(Long.MAX_VALUE);
        patience();
        return more;
    }

    /** Chance, from the same seed. */
    public SplittableRandom random() {
        return random;
    }

    public Duration now() {
        return Duration.ofNanos(now);
    }

    /** Runs a task on the loop, and what it starts, up to where only timers are left. */
    public void on(Loop loop, Runnable task) {
        loop.execute(task);
        advance(Duration.ZERO);
    }

    /** Runs until nothing is left to do, timers included. */
    public void run() {
        while (step(Long.MAX_VALUE)) {
            patience();
        }
    }

    /** Runs what is due within this time, and lets it pass. */
    public void advance(Duration time) {
        long end = now + time.toNanos();
        while (step(end)) {
            patience();
        }
        now = Math.max(now, end);
    }

    private void patience() {
        if (++tasks > PATIENCE) {
            throw new AssertionError("does not come to rest");
        }
    }

    /** One task, or one leap of the clock to an event not after {@code end}; messages under way always arrive. */
    private boolean step(long end) {
        while (!events.isEmpty() && (events.element().isOff() || events.element().at <= now)) {
            events.remove().fire();
        }
        SimLoop next = anyReady();
        if (next != null) {
            runOne(next);
            return true;
        }
        Event event = events.peek();
        if (event == null || (event.at > end && !event.message)) {
            return false;
        }
        now = event.at;
        return true;
    }

    private void runOne(SimLoop loop) {
        running = loop;
        trace = 31 * (31 * trace + loop.number) + now;
        try {
            loop.tasks.remove().run();
        } finally {
            running = null;
        }
        now += random.nextInt(TASK_NANOS);
    }

    private @Nullable SimLoop anyReady() {
        SimLoop chosen = null;
        int ready = 0;
        for (SimLoop loop : loops) {
            if (!loop.tasks.isEmpty() && !loop.machine.frozen && random.nextInt(++ready) == 0) {
                chosen = loop;
            }
        }
        return chosen;
    }

    private record Listener(SimLoop loop, Consumer<Object> handler) {}

    private record Way(Loop sender, String address) {}

    /** The loops of one process, and what is sent among them. It can end at any moment, or be stopped for a while; the world goes on. */
    public final class Machine {
        private final Map<String, Listener> listeners = new HashMap<>();
        private final SimWire wire = new SimWire(this);
        private boolean dead;
        private boolean frozen;

        public Loop loop() {
            SimLoop loop = new SimLoop(this);
            if (!dead) {
                loops.add(loop);
            }
            return loop;
        }

        public Wire wire() {
            return wire;
        }

        /** Nothing of it runs any more. */
        public void kill() {
            dead = true;
            loops.removeIf(loop -> loop.machine == this);
        }

        public boolean isDead() {
            return dead;
        }

        /** Nothing of it runs until it is woken; what is due meanwhile runs then. */
        public void freeze() {
            frozen = true;
        }

        public void wake() {
            frozen = false;
        }

        public SimWorld world() {
            return SimWorld.this;
        }
    }

    private final class SimLoop implements Loop {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final long number = ++made;
        private final Machine machine;

        SimLoop(Machine machine) {
            this.machine = machine;
        }

        @Override
        public void execute(Runnable task) {
            if (!machine.dead) {
                tasks.add(task);
            }
        }

        @Override
        public Timer after(Duration time, Runnable task) {
            Event event = new Event(machine, now + Math.max(1, time.toNanos()), false);
            event.action = () -> execute(() -> {
                if (!event.cancelled) {
                    task.run();
                }
            });
            events.add(event);
            return () -> event.cancelled = true;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }

    private final class SimWire implements Wire {
        private final Map<Way, Long> latest = new HashMap<>();
        private final Machine machine;

        SimWire(Machine machine) {
            this.machine = machine;
        }

        @Override
        public void send(String address, Object message) {
            Way way = new Way(running(), address);
            long at = Math.max(now + 1 + random.nextInt(TRAVEL_NANOS), latest.getOrDefault(way, 0L));
            latest.put(way, at);
            Event event = new Event(machine, at, true);
            event.action = () -> deliver(address, message);
            events.add(event);
        }

        private void deliver(String address, Object message) {
            Listener listener = machine.listeners.get(address);
            if (listener == null) {
                throw new AssertionError("nobody listens at " + address + " to " + message);
            }
            listener.loop.execute(() -> listener.handler.accept(message));
        }

        @Override
        public Listening listen(String address, Consumer<Object> handler) {
            machine.listeners.put(address, new Listener((SimLoop) running(), handler));
            return () -> machine.listeners.remove(address);
        }
    }

    /** Something that happens at a time: in the order of times, then of their making. */
    private final class Event implements Comparable<Event> {
        private final Machine machine;
        private final long at;
        private final boolean message;
        private final long order = sequence++;
        private Runnable action = () -> {};
        private boolean cancelled;

        Event(Machine machine, long at, boolean message) {
            this.machine = machine;
            this.at = at;
            this.message = message;
        }

        boolean isOff() {
            return cancelled || machine.dead;
        }

        void fire() {
            if (!isOff()) {
                action.run();
            }
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
