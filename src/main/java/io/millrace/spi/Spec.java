package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one declaration of a component, or of an object within its settings: name, meaning, fields, and what the engine must know.
 */
public final class Spec {
    /** What is declared. */
    public enum Kind {
        STEP,
        SOURCE,
        SINK,
        RESOURCE,
        OBJECT
    }

    /** What becomes of the value of a step. */
    public enum Result {
        /** Stored under {@code as}, by default under the step's name. */
        VALUE,
        /** Stored only where {@code as} is given: the steps inside act on the same document. */
        BLOCK,
        /** There is none. */
        NOTHING
    }

    /** Checks what concerns several fields at once. Fields whose value is not known yet are absent. */
    @FunctionalInterface
    public interface Rule {
        void check(Settings settings, Check check);
    }

    /**
     * How a sink likes its items when the flow does not say.
     *
     * @param items at most so many documents in one write
     * @param linger how long the first of them waits for more
     */
    public record Batching(int items, Duration linger) {}

    /**
     * A resource that the component works with.
     *
     * @param kind its kind
     * @param field the field that may name one; without it the only one declared is taken, or one with default settings
     */
    public record Use(String kind, Field<String> field) {}

    /**
     * Settings that a durable flow cannot have.
     *
     * @param field the one to blame
     * @param when whether the settings, as they are written, are such
     * @param what the reason, a sentence
     * @param mend what to write instead
     */
    public record Refusal(Field<?> field, Predicate<JsonNode> when, String what, String mend) {}

    private final Builder b;
    private final List<Field<?>> fields;

    private Spec(Builder b) {
        this.b = b;
        this.fields = List.copyOf(b.fields);
    }

    public static Builder step(String name, String summary) {
        return new Builder(Kind.STEP, name, summary);
    }

    public static Builder source(String name, String summary) {
        return new Builder(Kind.SOURCE, name, summary);
    }

    public static Builder sink(String name, String summary) {
        return new Builder(Kind.SINK, name, summary);
    }

    /** A resource; its name is its kind. */
    public static Builder resource(String name, String summary) {
        return new Builder(Kind.RESOURCE, name, summary);
    }

    /** An object within settings, as {@code retry}; its name is for errors. */
    public static Builder object(String name, String summary) {
        return new Builder(Kind.OBJECT, name, summary);
    }

    public Kind kind() {
        return b.kind;
    }

    public String name() {
        return b.name;
    }

    /** One sentence. */
    public String summary() {
        return b.summary;
    }

    public List<Field<?>> fields() {
        return fields;
    }

    /** The field meant when the settings are not an object: {@code {"http": "https://…"}}. */
    public Optional<Field<?>> main() {
        return Optional.ofNullable(b.main);
    }

    /** Whether the settings as a whole are the main field's value, objects too, as in {@code map}. */
    public boolean whole() {
        return b.whole;
    }

    public List<Rule> rules() {
        return List.copyOf(b.rules);
    }

    public List<Use> uses() {
        return List.copyOf(b.uses);
    }

    /** What a step returns, or what a source yields, in words or as a shape; empty if nothing. */
    public String returns() {
        return b.returns;
    }

    public List<String> notes() {
        return List.copyOf(b.notes);
    }

    /** A whole flow that shows the component and runs as it is from the project's folder. */
    public String example() {
        return b.example;
    }

    public Result result() {
        return b.result;
    }

    /** Whether steps stand within its settings: what is said of the whole then holds for each of them. */
    public boolean holdsSteps() {
        return fields.stream().anyMatch(field -> field.type().holdsSteps());
    }

    /** Whether it may stand only in a stage's own list of steps. */
    public boolean stageLevelOnly() {
        return b.stageLevelOnly;
    }

    /** Whether a step ends items ({@code filter}), which blocks that owe a value refuse. */
    public boolean endsItems() {
        return b.endsItems;
    }

    /** Whether a source's records come from somebody who can be answered, or a step is what answers. */
    public boolean answers() {
        return b.answers;
    }

    /** Whether a source tells whoever sent a record when it is kept, as {@link Caller#kept} says. */
    public boolean confirms() {
        return b.confirms;
    }

    /** Whether a source can be a {@link Replayable}, so that durable flows go on where they stopped. */
    public boolean replayable() {
        return b.replayable;
    }

    /** The field without which it cannot, if there is one. */
    public Optional<Field<?>> replayableWith() {
        return Optional.ofNullable(b.replayableWith);
    }

    /** Fields with some value of which it cannot. */
    public List<Field<?>> replayableUnless() {
        return List.copyOf(b.replayableUnless.keySet());
    }

    /** Whether a source with these settings is a {@link Replayable}. */
    public boolean replayable(Settings settings) {
        return replayable(settings.at().json());
    }

    /** Whether a source with these settings, as they are written, is a {@link Replayable}. */
    public boolean replayable(JsonNode written) {
        return b.replayable
                && (b.replayableWith == null || written.hasNonNull(b.replayableWith.name()))
                && notReplayableFor(written).isEmpty();
    }

    /** The field whose value, as it is written, keeps a source from being a {@link Replayable}. */
    public Optional<Field<?>> notReplayableFor(JsonNode written) {
        return b.replayableUnless.entrySet().stream()
                .filter(unless -> written.hasNonNull(unless.getKey().name())
                        && unless.getValue().test(written.path(unless.getKey().name())))
                .findFirst()
                .map(Map.Entry::getKey);
    }

    /** Settings of a {@link Replayable} that may change while a durable run is unfinished, as they do not decide which records there are. */
    public List<Field<?>> mayChange() {
        return List.copyOf(b.mayChange);
    }

    /** What a resumed run cannot promise of a {@link Replayable}, as a clause; empty for none. */
    public String caveat() {
        return b.caveat;
    }

    /**
     * Whether others may wait for what a step holds while the steps inside it run, as for a lock: what may have to wait for room must not stand
     * in there.
     */
    public boolean holdsOthersUp() {
        return b.holdsOthersUp;
    }

    /** The field of a step with which items leave before its item has succeeded. */
    public Optional<Field<Boolean>> sendsAtOnce() {
        return Optional.ofNullable(b.sendsAtOnce);
    }

    /** Whether a sink is a {@link Transactional}. */
    public boolean transactional() {
        return b.transactional;
    }

    /** Whether a step does something outside of the process, that happens again when the step is run again. */
    public boolean hasEffects() {
        return b.hasEffects;
    }

    /** The field that names the file, of a sink that is an {@link Appending} in durable runs. */
    public Optional<Field<?>> appendsTo() {
        return Optional.ofNullable(b.appendsTo);
    }

    /** What a durable flow cannot have. */
    public List<Refusal> refusedWhenDurable() {
        return List.copyOf(b.refusedWhenDurable);
    }

    /** The fields that say where a sink writes: they must not change while a durable run is unfinished. Empty: any may. */
    public List<Field<?>> target() {
        return List.copyOf(b.target);
    }

    public boolean blockingByDefault() {
        return b.blockingByDefault;
    }

    public Batching batching() {
        return b.batching;
    }

    @Override
    public String toString() {
        return b.name;
    }

    /** Collects a declaration. */
    public static final class Builder {
        private final Kind kind;
        private final String name;
        private final String summary;
        private final List<Field<?>> fields = new ArrayList<>();
        private final List<Rule> rules = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<Use> uses = new ArrayList<>();
        private @Nullable Field<?> main;
        private boolean whole;
        private String returns = "";
        private String example = "";
        private Result result = Result.VALUE;
        private boolean stageLevelOnly;
        private boolean endsItems;
        private boolean answers;
        private boolean confirms;
        private boolean replayable;
        private @Nullable Field<?> replayableWith;
        private final Map<Field<?>, Predicate<JsonNode>> replayableUnless = new LinkedHashMap<>();
        private final List<Field<?>> mayChange = new ArrayList<>();
        private String caveat = "";
        private boolean holdsOthersUp;
        private @Nullable Field<Boolean> sendsAtOnce;
        private boolean transactional;
        private boolean hasEffects;
        private @Nullable Field<?> appendsTo;
        private final List<Field<?>> target = new ArrayList<>();
        private final List<Refusal> refusedWhenDurable = new ArrayList<>();
        private boolean blockingByDefault;
        private Batching batching = new Batching(1, Duration.ZERO);

        private Builder(Kind kind, String name, String summary) {
            this.kind = kind;
            this.name = name;
            this.summary = summary;
        }

        public Builder main(Field<?> field) {
            this.main = field;
            fields.add(field);
            return this;
        }

        /** The settings are this field's value as they stand. */
        public Builder whole(Field<?> field) {
            this.whole = true;
            return main(field);
        }

        public Builder fields(Field<?>... more) {
            fields.addAll(List.of(more));
            return this;
        }

        /** Works with a resource of the kind, named by this field, which is added to the fields. */
        public Builder uses(String kind, Field<String> field) {
            uses.add(new Use(kind, field));
            return fields(field);
        }

        public Builder rule(Rule rule) {
            rules.add(rule);
            return this;
        }

        /** At most one of the two may be given. */
        public Builder exclusive(Field<?> one, Field<?> other) {
            return rule((settings, check) -> {
                if (settings.has(one) && settings.has(other)) {
                    check.error(
                            settings.at().child(other.name()),
                            "\"" + one + "\" and \"" + other + "\" exclude each other.",
                            "Remove one of them.");
                }
            });
        }

        public Builder returns(String shape) {
            this.returns = shape;
            return this;
        }

        public Builder note(String sentence) {
            notes.add(sentence);
            return this;
        }

        public Builder example(String flow) {
            this.example = flow;
            return this;
        }

        public Builder result(Result value) {
            this.result = value;
            return this;
        }

        public Builder stageLevelOnly() {
            this.stageLevelOnly = true;
            return this;
        }

        public Builder endsItems() {
            this.endsItems = true;
            return this;
        }

        /** A source whose records carry a {@link Caller}; or the step that answers. */
        public Builder answers() {
            this.answers = true;
            return this;
        }

        /** A source whose {@link Caller} is told when its record is kept, and tells whoever has sent it. */
        public Builder confirms() {
            this.confirms = true;
            return answers();
        }

        /** A source that builds a {@link Replayable}. */
        public Builder replayable() {
            this.replayable = true;
            return this;
        }

        /** A source that builds a {@link Replayable} where this field is set. */
        public Builder replayableWith(Field<?> field) {
            this.replayableWith = field;
            return replayable();
        }

        /** No {@link Replayable} where this field is given and its value, as it is written, is such a one. */
        public Builder replayableUnless(Field<?> field, Predicate<JsonNode> value) {
            replayableUnless.put(field, value);
            return this;
        }

        /** See {@link Spec#mayChange}. */
        public Builder mayChange(Field<?>... settings) {
            mayChange.addAll(List.of(settings));
            return this;
        }

        /** See {@link Spec#caveat}. */
        public Builder caveat(String clause) {
            this.caveat = clause;
            return this;
        }

        /** A step for whose end others may wait. */
        public Builder holdsOthersUp() {
            this.holdsOthersUp = true;
            return this;
        }

        /** Which of its fields makes a step send items before its own item has succeeded. */
        public Builder sendsAtOnce(Field<Boolean> field) {
            this.sendsAtOnce = field;
            return this;
        }

        /** A sink that builds a {@link Transactional}. */
        public Builder transactional() {
            this.transactional = true;
            return this;
        }

        /** A step that does something outside of the process. */
        public Builder hasEffects() {
            this.hasEffects = true;
            return this;
        }

        /** A sink that builds an {@link Appending}, and the field that names its file. */
        public Builder appendsTo(Field<?> path) {
            this.appendsTo = path;
            return this;
        }

        /** Which of its fields say where a sink writes. */
        public Builder target(Field<?>... where) {
            target.addAll(List.of(where));
            return this;
        }

        /** Says what a durable flow cannot have, so that it is told before it runs. */
        public Builder refusedWhenDurable(Refusal refusal) {
            refusedWhenDurable.add(refusal);
            return this;
        }

        public Builder blockingByDefault() {
            this.blockingByDefault = true;
            return this;
        }

        public Builder batching(int items, Duration wait) {
            this.batching = new Batching(items, wait);
            return this;
        }

        public Spec done() {
            return new Spec(this);
        }
    }
}
