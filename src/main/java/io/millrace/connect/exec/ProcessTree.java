package io.millrace.connect.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A started program and all that it has started. Java can neither make a process group nor signal one, so the program is started at
 * the head of a session ({@code setsid}), and the members of that session are found in {@code /proc}, also those whose parent has
 * gone; where there is no {@code /proc}, the descendants that can be seen are the tree.
 *
 * <p>If this JVM ends, so do the trees that still live.
 */
final class ProcessTree {
    /** How long what was killed may take to disappear: a process that hangs in the kernel is left behind. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    private static final long MAX_PAUSE_MS = 20;
    private static final Path PROC = Path.of("/proc");

    private static final Set<ProcessTree> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(ProcessTree::kill), "millrace-exec-shutdown"));
    }

    private final Process process;
    private final boolean ownSession;

    ProcessTree(Process process, boolean ownSession) {
        this.process = process;
        this.ownSession = ownSession;
        ALIVE.add(this);
        process.onExit().thenRun(() -> ALIVE.remove(this));
    }

    /** The exit code of the program itself, when it has ended; 128 + n if signal n ended it. */
    CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    long pid() {
        return process.pid();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    InputStream stderr() {
        return process.getErrorStream();
    }

    /** Asks all to end, kills after the grace what has not, completes when they are gone. */
    CompletableFuture<Void> stop(Duration grace) {
        return CompletableFuture.runAsync(() -> end(grace), ProcessThreads.POOL);
    }

    private void end(Duration grace) {
        Set<ProcessHandle> tree = find();
        tree.forEach(ProcessHandle::destroy);
        if (!gone(tree, grace, false)) {
            gone(tree, AFTER_KILL, true);
        }
    }

    /** Waits until none is left; looks for those that have come since whenever the known ones have gone. */
    private boolean gone(Set<ProcessHandle> tree, Duration bound, boolean kill) {
        long deadline = System.nanoTime() + bound.toNanos();
        for (long pause = 1; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
            if (kill) {
                tree.addAll(find());
                tree.forEach(ProcessHandle::destroyForcibly);
            }
            tree.removeIf(handle -> !isAlive(handle));
            if (tree.isEmpty()) {
                tree.addAll(find());
            }
            if (tree.isEmpty() || System.nanoTime() - deadline >= 0) {
                return tree.isEmpty();
            }
            pause(pause);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() {
        find().forEach(ProcessHandle::destroyForcibly);
    }

    /** All that live: the program, its descendants, and whoever is in its session. */
    private Set<ProcessHandle> find() {
        Set<ProcessHandle> tree = new LinkedHashSet<>();
        tree.add(process.toHandle());
        process.descendants().forEach(tree::add);
        if (ownSession) {
            ProcessHandle.allProcesses().filter(this::inSession).forEach(tree::add);
        }
        tree.removeIf(handle -> !isAlive(handle));
        return tree;
    }

    private boolean inSession(ProcessHandle handle) {
        String[] stat = stat(handle.pid());
        return stat.length > 3 && stat[3].equals(String.valueOf(process.pid()));
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessTree::isAlive).isPresent();
    }

    /** Whether it runs: one that has ended and that nobody has asked for its exit code ({@code Z}) does not. */
    private static boolean isAlive(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        String[] stat = stat(handle.pid());
        return stat.length == 0 || !(stat[0].equals("Z") || stat[0].equals("X"));
    }

    /** State, parent, group, session and more of a process, see {@code proc(5)}; nothing where that cannot be had. */
    private static String[] stat(long pid) {
        try {
            String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", 6);
        } catch (IOException e) {
            return new String[0];
        }
    }
}
