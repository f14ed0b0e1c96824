package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.flow.Problem.Severity;
import io.millrace.spi.Block;
import io.millrace.spi.Check;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Cursor;
import io.millrace.spi.Expressions;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Nearest;
import io.millrace.spi.Reference;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a flow. Reports into {@link Problems}, notes {@link Uses}, evaluates what can be evaluated with what is {@link Known}.
 */
final class FlowCheck implements Check {
    private final Components components;
    private final Problems problems;
    private final Declared declared;
    private final Uses uses;
    private final Known known;
    private final Path plugins;
    private final SettingsReader settings = new SettingsReader(this);
    private final StepsReader steps = new StepsReader(this, settings);
    private final Compiler compiler;
    private int errors;

    FlowCheck(
            Components components,
            Expressions expressions,
            Problems problems,
            Declared declared,
            Uses uses,
            Known known,
            Path plugins) {
        this.plugins = plugins;
        this.components = components;
        this.problems = problems;
        this.declared = declared;
        this.uses = uses;
        this.known = known;
        this.compiler = new Compiler(this, expressions);
    }

    @Override
    public Path plugins() {
        return plugins;
    }

    /** The types of the flow language are read by no other check. */
    static FlowCheck of(Check check) {
        return (FlowCheck) check;
    }

    Components components() {
        return components;
    }

    Declared declared() {
        return declared;
    }

    Uses uses() {
        return uses;
    }

    /** How many errors were reported so far: tells what was wrong from what is not known yet. */
    int errors() {
        return errors;
    }

    /** The settings of an object of the language as far as they could be read. */
    Optional<Settings> partial(String pointer) {
        return settings.partial(pointer);
    }

    boolean hasEnvironment(String name) {
        JsonNode env = known.variable("env");
        return env != null && env.has(name);
    }

    Collection<String> names(Spec.Kind kind) {
        return components.names(kind);
    }

    Optional<? extends Component> find(Spec.Kind kind, String name) {
        return switch (kind) {
            case STEP -> components.step(name);
            case SOURCE -> components.source(name);
            case SINK -> components.sink(name);
            case RESOURCE -> components.resource(name);
            case OBJECT -> Optional.empty();
        };
    }

    @Override
    public void error(Cursor at, String what, String mend) {
        errors++;
        problems.atValue(Severity.ERROR, at.pointer(), what, mend);
    }

    /** As {@link #error}, at the name of the field instead of its value. */
    void errorAtName(Cursor at, String what, String mend) {
        errors++;
        problems.atName(Severity.ERROR, at.pointer(), what, mend);
    }

    @Override
    public void warn(Cursor at, String what, String mend) {
        problems.atValue(Severity.WARNING, at.pointer(), what, mend);
    }

    void warnAtName(Cursor at, String what, String mend) {
        problems.atName(Severity.WARNING, at.pointer(), what, mend);
    }

    @Override
    public void unknown(Cursor at, String noun, String word, Collection<String> words) {
        error(at, Words.quoted(word) + " is not " + Words.a(noun) + ".", suggestion(word, words));
    }

    /** A component that there is not, or not of this kind. */
    void unknownComponent(Cursor at, Spec.Kind kind, String name) {
        String noun = kind.name().toLowerCase(Locale.ROOT);
        for (Spec.Kind other : Spec.Kind.values()) {
            if (find(other, name).isPresent()) {
                String is = other.name().toLowerCase(Locale.ROOT);
                errorAtName(
                        at,
                        Words.quoted(name) + " is " + Words.a(is) + ", not " + Words.a(noun) + ".",
                        suggestion("", names(kind)));
                return;
            }
        }
        errorAtName(at, Words.quoted(name) + " is not " + Words.a(noun) + ".", suggestion(name, names(kind)));
    }

    /** How to mend a word that is not known. */
    String suggestion(String word, Collection<String> words) {
        Optional<String> near = Nearest.to(word, words);
        near.ifPresent(uses::suggest);
        return near.map(name -> "Did you mean " + Words.quoted(name) + "?")
                .orElseGet(() -> words.isEmpty() ? "There is none." : "Write " + Words.anyOf(words) + ".");
    }

    @Override
    public @Nullable Jq jq(Cursor at, String text) {
        return compiler.jq(at, text);
    }

    @Override
    public @Nullable Template template(Cursor at) {
        Template template = compiler.template(at);
        if (template != null) {
            compiler.warnOfJq(at);
        }
        return template;
    }

    @Override
    public @Nullable Template fixed(Cursor at) {
        return compiler.template(at);
    }

    /** Warns of a value that looks like an expression which somebody forgot to wrap. */
    void warnOfJq(Cursor at) {
        compiler.warnOfJq(at);
    }

    @Override
    public Optional<JsonNode> evaluate(Cursor at, Template template) {
        if (!template.isStatic()) {
            error(
                    at,
                    Words.shown(template.source()) + " is evaluated once, before the first item, so it cannot see "
                            + unseen(template) + ".",
                    "Use $params, $env, $run or $resources here.");
            return Optional.empty();
        }
        if (!known.covers(template)) {
            return Optional.empty();
        }
        try {
            return Optional.of(template.eval(NullNode.getInstance(), known));
        } catch (Failure failure) {
            error(at, Words.shown(template.source()) + " has no value: " + failure.getMessage() + ".", "");
            return Optional.empty();
        }
    }

    private static String unseen(Template template) {
        return template.variables().stream()
                .filter(Variables.PER_ITEM::contains)
                .findFirst()
                .map(name -> "$" + name)
                .orElse("the document");
    }

    @Override
    public @Nullable Settings settings(Cursor at, Spec spec) {
        return settings.read(at, spec);
    }

    @Override
    public @Nullable Block steps(Cursor at, Block.Filter filter) {
        return steps.read(at, filter);
    }

    @Override
    public boolean reference(Cursor at, Reference reference) {
        String name = reference.name();
        if (reference.to() == Reference.To.RESOURCE && isOtherKind(at, reference)) {
            return false;
        }
        Collection<String> names = namesOf(reference);
        if (!names.contains(name)) {
            String kind = reference.kind().isEmpty() ? "" : reference.kind() + " ";
            error(
                    at,
                    Words.quoted(name) + " is not "
                            + Words.a(kind + reference.to().noun()) + " of this flow.",
                    suggestion(name, names));
            return false;
        }
        uses.name(reference, at.pointer());
        return true;
    }

    private boolean isOtherKind(Cursor at, Reference reference) {
        String kind = declared.resources().getOrDefault(reference.name(), reference.kind());
        if (kind.isEmpty() || kind.equals(reference.kind())) {
            return false;
        }
        String what = Words.quoted(reference.name()) + " is " + Words.a(kind) + " resource, not "
                + Words.a(reference.kind()) + " resource.";
        error(at, what, suggestion("", declared.resources(reference.kind())));
        return true;
    }

    private Collection<String> namesOf(Reference reference) {
        return switch (reference.to()) {
            case STAGE -> declared.stages();
            case FUNCTION -> declared.functions();
            case WORKERS -> declared.workers();
            case RESOURCE ->
                declared.resources().entrySet().stream()
                        .filter(entry ->
                                entry.getValue().isEmpty() || entry.getValue().equals(reference.kind()))
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        };
    }
}
