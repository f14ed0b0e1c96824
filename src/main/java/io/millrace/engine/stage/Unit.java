package io.millrace.engine.stage;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of a flow within which items do not leave their process: stages that hand them on in memory, and sources that feed them so. Between units there are
 * queues in the store, so that each unit may run in another process, or in several.
 *
 * @param name that of its first source, or else of its first stage that wants to be alone, or else of its first stage
 * @param stages none, if it is a source that feeds a queue in the store
 * @param sources stages whose sources belong to it
 * @param alone whether one process at a time may run it: a source, a file, an order or a group has one place
 */
public record Unit(String name, Set<String> stages, Set<String> sources, boolean alone) {
    public Unit {
        stages = Collections.unmodifiableSet(new TreeSet<>(stages)); // in the same order in every process
        sources = Collections.unmodifiableSet(new TreeSet<>(sources));
    }

    /** What its lease is called, beside its name. */
    public String lease() {
        return sources.isEmpty() ? "singleton" : "source";
    }

    /** For people. */
    @Override
    public String toString() {
        return (sources.isEmpty() ? "the stage \"" : "the source of \"") + name + "\"";
    }
}
