package io.millrace.bench;

import io.millrace.engine.durable.DurableSimulation;

/**
 * Does any of a million seeds break what is promised of durable runs?
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=DurableSimulationBench -Dbench.args="0 1000000"</pre>
 *
 * The arguments are the first seed and how many there are; a seed that fails tells its story, and can be run again alone.
 */
public final class DurableSimulationBench {
    private DurableSimulationBench() {}

    public static void main(String[] args) {
        long first = args.length > 0 ? Long.parseLong(args[0]) : 0;
        long count = args.length > 1 ? Long.parseLong(args[1]) : 1_000_000;
        DurableSimulation.run(first, count);
        System.out.println(count + " seeds, and every one kept what is promised");
    }
}
