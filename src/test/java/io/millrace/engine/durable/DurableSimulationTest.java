package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurableSimulationTest {
    private static final int SEEDS = 1000;

    @Test
    void whatever_fails_and_whenever_every_record_comes_to_one_end() {
        DurableSimulation.run(0, SEEDS);
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        for (long seed = 0; seed < 20; seed++) {
            DurableWorld first = DurableSimulation.world(seed);
            DurableWorld second = DurableSimulation.world(seed);

            assertThat(second.story()).isEqualTo(first.story());
            assertThat(second.sim.trace()).isEqualTo(first.sim.trace());
        }
    }
}
