package io.millrace.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall and CPU time of some work in this process. CPU time is what a ratio on a shared machine can rest on. */
record Measured(double wallSeconds, double cpuSeconds) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Work that may fail. */
    interface Work {
        void run() throws Exception;
    }

    static Measured of(Work work) throws Exception {
        long cpu = SYSTEM.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run();
        return new Measured((System.nanoTime() - wall) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
    }

    double perSecond(long count) {
        return count / wallSeconds;
    }

    double perCpuSecond(long count) {
        return count / cpuSeconds;
    }

    String line(String what, long count) {
        return String.format(
                "%-28s %,12.0f per second %,12.0f per CPU second", what, perSecond(count), perCpuSecond(count));
    }
}
