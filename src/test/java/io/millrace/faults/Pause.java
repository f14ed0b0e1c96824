package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Program;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * SIGSTOP, for longer than a process may be silent, then SIGCONT. Either nobody has come meanwhile, or only others that share the run, and it goes on; or
 * another process has taken the run over, and it must write nothing more, say so, and end.
 */
final class Pause implements Fault {
    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(60);
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(35);
    private static final String TAKEN_OVER = "has taken over run";
    private static final int FAILED = 1;

    private final Recovery recovery;

    Pause(Recovery recovery) {
        this.recovery = recovery;
    }

    @Override
    public Optional<Program> strike(Site site, Program program, Random random) {
        recovery.begin(site, program);
        if (!program.isAlive()) {
            return Optional.of(program);
        }
        program.signal("STOP");
        if (!site.isShared() && random.nextBoolean()) {
            Program other = takeOver(site);
            program.signal("CONT");
            assertThat(program.exitCode(NOTICED_WITHIN)).as(site::story).isEqualTo(FAILED);
            assertThat(program.err()).contains(TAKEN_OVER);
            return Optional.of(other);
        }
        program.endsWithin(SILENCE);
        program.signal("CONT");
        recovery.await(site, program, "SIGSTOP");
        return Optional.of(program);
    }

    /** Others are refused as long as it may still live. */
    private static Program takeOver(Site site) {
        long deadline = System.nanoTime() + TAKEN_OVER_WITHIN.toNanos();
        Program other = site.start();
        while (!Site.isUnderWay(other)) {
            if (other.endsWithin(GLANCE)) {
                assertThat(other.exitCode()).as(site::story).isEqualTo(FAILED);
                assertThat(other.err()).contains("is under way on");
                other = site.start();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the run is not taken over in " + site.story());
            }
        }
        return other;
    }
}
