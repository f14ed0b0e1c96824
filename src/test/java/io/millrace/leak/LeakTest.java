package io.millrace.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code LeakBench} does the same with 100,000 items of each kind. */
class LeakTest {
    /** Of the kinds not named, {@link #CHEAP}. */
    private static final Map<String, Integer> DEAR = Map.of(
            "http",
            1500,
            "body",
            900,
            "pool",
            3000,
            "connect",
            300,
            "tcp",
            1500,
            "sql",
            240,
            "transaction",
            240,
            "exec",
            24,
            "coprocess",
            48,
            "blocking",
            12);

    private static final int CHEAP = 10_500;

    @TempDir
    private Path directory;

    private Cancelling cancelling;

    @BeforeEach
    void open() throws Exception {
        cancelling = new Cancelling(directory);
    }

    @AfterEach
    void close() throws Exception {
        cancelling.close();
    }

    @Test
    void a_hundred_thousand_cancelled_items_of_every_kind_leave_nothing_behind() {
        Cancelling.Running warm = cancelling.start();
        warm.cancel(kind -> 6);
        warm.abort(4);
        cancelling.statements();
        Residue outside = Residue.now();
        Cancelling.Running run = cancelling.start();
        run.cancel(kind -> 60);
        cancelling.statements();
        Residue before = Residue.now();

        run.cancel(kind -> DEAR.getOrDefault(kind, CHEAP));

        nothingBeyond(before);

        run.abort(200);

        nothingBeyond(outside);
    }

    private void nothingBeyond(Residue before) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(cancelling.statements()).isEmpty());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Residue.now().beyond(before)).isEmpty());
    }
}
