package io.millrace.bench;

import io.millrace.engine.durable.DurableSimulation;

/**
 * Does any of a million seeds break what is promised of durable runs?
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=DurableSimulationBench -Dbench.args="NODES 0 1000000"</pre>
 *
 * The arguments are what there is (PLAIN, QUEUES, NODES or ALL), the first seed and how many there are. A seed that fails tells its story, and can be run again alone.
 */
public final class DurableSimulationBench {
    private DurableSimulationBench() {}

    public static void main(String[] args) {
        String scene = args.length > 0 ? args[0] : "ALL";
        long first = args.length > 1 ? Long.parseLong(args[1]) : 0;
        long count = args.length > 2 ? Long.parseLong(args[2]) : 1_000_000;
        DurableSimulation.run(scene, first, count);
        System.out.println(count + " seeds, and every one kept what is promised");
    }
}
