package io.millrace.flow;

import io.millrace.spi.Cursor;
import io.millrace.spi.Reference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a flow makes use of, noted while it is read: for checks of the flow as a whole, and for the resources to open. */
final class Uses {
    /** A name, and where it stands. */
    record Use(Reference reference, String pointer) {}

    /**
     * A step that stands inside others.
     *
     * @param function that it calls; empty if it calls none
     * @param holder what it is inside of; empty within the same list of a stage or function
     */
    record Inside(Cursor at, String function, String holder) {}

    private final List<Use> named = new ArrayList<>();
    private final Set<String> resources = new LinkedHashSet<>();
    private final Set<String> implicitKinds = new LinkedHashSet<>();
    private final Set<String> suggested = new LinkedHashSet<>();
    private final List<Cursor> answers = new ArrayList<>();
    private final List<Cursor> effects = new ArrayList<>();
    private final List<Inside> sentAtOnce = new ArrayList<>();
    private final List<Inside> calls = new ArrayList<>();
    private boolean allResources;

    void name(Reference reference, String pointer) {
        named.add(new Use(reference, pointer));
        if (reference.to() == Reference.To.RESOURCE) {
            resources.add(reference.name());
        }
    }

    void resource(String name) {
        resources.add(name);
    }

    void everyResource() {
        allResources = true;
    }

    /** A resource that nobody declared but a component works with. */
    void implicit(String kind) {
        implicitKinds.add(kind);
    }

    /** A step that answers whoever sent the record. */
    void answer(Cursor at) {
        answers.add(at);
    }

    /** Where records are answered. */
    List<Cursor> answers() {
        return answers;
    }

    /** A step that does something outside of the process. */
    void effect(Cursor at) {
        effects.add(at);
    }

    List<Cursor> effects() {
        return effects;
    }

    /** A step sends items before its own has succeeded. */
    void sentAtOnce(Cursor at, String holder) {
        sentAtOnce.add(new Inside(at, "", holder));
    }

    List<Inside> sentAtOnce() {
        return sentAtOnce;
    }

    /** A function is called. */
    void call(Cursor at, String function, String holder) {
        calls.add(new Inside(at, function, holder));
    }

    List<Inside> calls() {
        return calls;
    }

    /** A misspelt word is probably this one. */
    void suggest(String name) {
        suggested.add(name);
    }

    List<Use> named(Reference.To to) {
        return named.stream().filter(use -> use.reference().to() == to).toList();
    }

    boolean usesResource(String name) {
        return allResources || resources.contains(name) || suggested.contains(name);
    }

    boolean isSuggested(String name) {
        return suggested.contains(name);
    }

    Set<String> implicitKinds() {
        return implicitKinds;
    }
}
