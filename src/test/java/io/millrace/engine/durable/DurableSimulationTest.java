package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.durable.DurableWorld.Scene;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurableSimulationTest {
    private static final int SEEDS = 1000;

    @ParameterizedTest
    @EnumSource(Scene.class)
    void whatever_fails_and_whenever_every_record_comes_to_one_end(Scene scene) {
        DurableSimulation.run(scene, 0, scene == Scene.NODES ? SEEDS / 5 : SEEDS);
    }

    @ParameterizedTest
    @EnumSource(Scene.class)
    void the_same_seed_gives_the_same_run(Scene scene) {
        for (long seed = 0; seed < 20; seed++) {
            DurableWorld first = DurableSimulation.world(scene, seed);
            DurableWorld second = DurableSimulation.world(scene, seed);

            assertThat(second.story()).isEqualTo(first.story());
            assertThat(second.sim.trace()).isEqualTo(first.sim.trace());
        }
    }
}
