package io.millrace.faults;

import io.millrace.testkit.Program;
import java.util.Random;

/** Something that happens to a process, or to what it needs. */
interface Fault {
    /**
     * Returns when the world is as it was, but for the process.
     *
     * @return whether the process was ended by it
     */
    boolean strike(Site site, Program program, Random random);

    /** kill -9. */
    static Fault kill() {
        return (site, program, random) -> {
            program.kill();
            return true;
        };
    }
}
