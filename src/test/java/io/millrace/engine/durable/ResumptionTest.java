package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumptionTest {
    @Test
    void tells_what_waits_in_which_queue() {
        String line = Resumption.queues(17, Map.of("store", 120L, "pages", 5_000L));

        assertThat(line).isEqualTo("resuming run 17: 5,120 items wait in queues (pages 5,000, store 120)");
    }

    @Test
    void does_not_pretend_to_have_counted_what_was_estimated() {
        String line = Resumption.queues(17, Map.of("pages", 5_120_000L));

        assertThat(line).isEqualTo("resuming run 17: about 5,120,000 items wait in queues (pages 5,120,000)");
    }
}
