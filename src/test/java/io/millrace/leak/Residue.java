package io.millrace.leak;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds at one moment, garbage collected.
 *
 * @param files open file descriptors, sockets among them; -1 where the system does not tell
 * @param children processes below this one, those of the database left out
 * @param heap bytes in use
 * @param objects how many objects there are of each class of ours and of Vert.x: items, scopes, timers, promises
 */
record Residue(long files, long children, long threads, long heap, Map<String, Long> objects) {
    /** Objects of one class that may come and go with pools and caches. */
    private static final long FEW = 200;

    /** Pools start their threads when they are first needed. */
    private static final long FEW_THREADS = 24;

    /** Connections of a pool are opened when they are needed. */
    private static final long FEW_FILES = 12;

    /** Two co-processes may be up, or about to be started again; each is a shell with a command below it. */
    private static final long FEW_PROCESSES = 4;

    private static final long FEW_BYTES = 6L << 20;

    static Residue now() {
        Map<String, Long> objects = histogram();
        return new Residue(
                openFiles(),
                ProcessHandle.current()
                        .descendants()
                        .filter(process -> !isDatabase(process))
                        .count(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                objects);
    }

    /** The database starts and ends workers of its own; what its clients leave open there is asked for by a statement. */
    private static boolean isDatabase(ProcessHandle process) {
        return process.info()
                .command()
                .filter(path -> path.endsWith("/postgres"))
                .isPresent();
    }

    private static long openFiles() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? -1 : files.length;
    }

    /** A count of live objects; the JVM collects garbage for it. */
    private static Map<String, Long> histogram() {
        try {
            String table = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return table.lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(row -> row.length >= 4 && isOurs(row[3]))
                    .collect(Collectors.toMap(
                            row -> row[3].replaceAll("/0x.*", ""),
                            row -> Long.parseLong(row[1]),
                            Long::sum,
                            TreeMap::new));
        } catch (JMException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** The slots of a wheel of timers stay: there are no more than 448 for a loop. */
    private static boolean isOurs(String type) {
        if (type.endsWith("Timers$Slot")) {
            return false;
        }
        return type.startsWith("io.millrace.") || type.startsWith("io.vertx.") || type.startsWith("java.lang.Process");
    }

    /** What there is now and was not before, in words. */
    List<String> beyond(Residue before) {
        List<String> more = new ArrayList<>();
        grown("open files", before.files, files, FEW_FILES, more);
        grown("child processes", before.children, children, FEW_PROCESSES, more);
        grown("threads", before.threads, threads, FEW_THREADS, more);
        grown("bytes of heap", before.heap, heap, FEW_BYTES, more);
        objects.forEach((type, count) ->
                grown(type, Objects.requireNonNullElse(before.objects.get(type), 0L), count, FEW, more));
        return more;
    }

    private static void grown(String what, long before, long now, long slack, List<String> more) {
        if (now > before + slack) {
            more.add(what + ": " + before + " before, " + now + " now");
        }
    }
}
