package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed with kill -9 and started again, until their run is done. */
class CrashTest {
    @TempDir
    Path folder;

    @Test
    void twenty_kills_lose_nothing_and_double_nothing() {
        Storm storm = new Storm(folder, new Store(folder.resolve("state")), 2500, System.nanoTime());

        storm.rage(Fault.kill(), 20);

        assertThat(storm.sites()).isPositive();
    }
}
