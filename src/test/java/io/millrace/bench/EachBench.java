package io.millrace.bench;

import io.millrace.engine.item.Sequence;
import io.millrace.testkit.sim.SimSteps;

/**
 * How many steps a second does {@code each} run on elements that need no I/O? A thousand elements, one {@code set} on each, on one
 * core. {@code java -cp … io.millrace.bench.EachBench}; in millions a second, the last of five rounds.
 */
final class EachBench {
    private static final int ELEMENTS = 1000;
    private static final int ITEMS = 2000;

    private EachBench() {}

    public static void main(String[] args) {
        SimSteps sim = new SimSteps();
        Sequence steps = sim.compile("[{each: {in: '.list[]', do: [{set: {seen: true}}]}}]");
        StringBuilder list = new StringBuilder("{list: [0");
        for (int i = 1; i < ELEMENTS; i++) {
            list.append(", ").append(i);
        }
        String document = list.append("]}").toString();
        for (int round = 0; round < 5; round++) {
            long nanos = sim.time(document, steps, ITEMS);
            System.out.printf("%.2f M element-steps/s%n", 1e3 * ELEMENTS * ITEMS / nanos);
        }
    }
}
