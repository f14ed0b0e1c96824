package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.faults.Lines.Break;
import io.millrace.faults.Storm.Scale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs under faults, until they are done: nothing is lost, nothing is there twice. */
class CrashTest {
    /** The promise is 5 s; this machine may have more to do. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final int RECORDS = 1200;

    @TempDir
    Path folder;

    private Store store;

    @AfterEach
    void close() {
        store.close();
    }

    private Storm storm(Store in, Scale scale) {
        store = in;
        return new Storm(folder, in, scale, Long.getLong("faults.seed", System.nanoTime()));
    }

    private static Fault ended() {
        return Fault.any(List.of(Fault.kill(), Fault.kill(), Fault.kill(), Fault.terminate()));
    }

    @Test
    void five_kills_of_one_process_lose_nothing_and_double_nothing() {
        Storm storm = storm(Store.embedded(folder.resolve("state")), Scale.single(RECORDS));

        storm.rage(ended(), 5);

        assertThat(storm.sites()).isPositive();
    }

    @Test
    void twenty_kills_of_two_nodes_lose_nothing_and_double_nothing() {
        Storm storm = storm(Store.embedded(folder.resolve("state")), Scale.queued(RECORDS, 2));

        storm.rage(ended(), 20);

        assertThat(storm.sites()).isPositive();
    }

    @Test
    void a_run_waits_for_a_server_that_is_restarted_and_goes_on() {
        Recovery recovery = new Recovery(SOON);

        storm(Store.embedded(folder.resolve("state")), Scale.single(RECORDS)).rage(new Restart(recovery), 2);

        assertThat(recovery.slowest()).isPositive();
    }

    @Test
    void a_run_outlives_lines_that_break() {
        Fault lines = new Lines(
                new Recovery(SOON),
                Break.DROPPED,
                Break.REFUSED,
                Break.SLOW,
                Break.COMMIT_LOST,
                Break.ANSWER_LOST,
                Break.COMMIT_LATE);

        storm(Store.shared(folder.resolve("state")), Scale.queued(RECORDS, 1)).rage(lines, 6);

        assertThat(store.server()).isPresent();
    }
}
