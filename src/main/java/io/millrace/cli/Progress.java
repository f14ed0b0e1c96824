package io.millrace.cli;

import io.millrace.engine.Run;
import java.io.PrintStream;
import java.util.Set;

/** Shows how a run gets on, until it is closed. */
interface Progress extends AutoCloseable {
    /** What is asked for. */
    enum Mode {
        AUTO,
        BAR,
        PLAIN,
        NONE;

        @Override
        public String toString() {
            return Words.lower(this);
        }
    }

    /**
     * Begins to show this run.
     *
     * @param sources the stages that records enter
     */
    void watch(Run run, Set<String> sources);

    /** The stream through which others print while it shows. */
    PrintStream through(PrintStream target);

    @Override
    void close();

    /** Nothing to see. */
    final class None implements Progress {
        @Override
        public void watch(Run run, Set<String> sources) {}

        @Override
        public PrintStream through(PrintStream target) {
            return target;
        }

        @Override
        public void close() {}
    }
}
