package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Program;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Something that happens to a process, or to what it needs. */
interface Fault {
    int INTERRUPTED = 143;

    /**
     * Returns when the world is as it was, but for the process.
     *
     * @return the process that runs the flow from now on; empty if there is none
     */
    Optional<Program> strike(Site site, Program program, Random random);

    /** kill -9. */
    static Fault kill() {
        return (site, program, random) -> {
            program.kill();
            return Optional.empty();
        };
    }

    /** SIGTERM: it drains, keeps what it has done and exits. One that comes at the very beginning or end is another matter. */
    static Fault terminate() {
        return (site, program, random) -> {
            if (!Site.isUnderWay(program)) {
                program.kill();
                return Optional.empty();
            }
            program.signal("TERM");
            int exit = program.exitCode();
            assertThat(exit).as(site::story).isIn(INTERRUPTED, Site.DONE_BUT_DEAD_LETTERS);
            return exit == INTERRUPTED ? Optional.empty() : Optional.of(program);
        };
    }

    /** One of them. */
    static Fault any(List<Fault> faults) {
        return (site, program, random) ->
                faults.get(random.nextInt(faults.size())).strike(site, program, random);
    }
}
