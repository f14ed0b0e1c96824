package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads defaults, which are literals: a problem in one is a mistake in the component's declaration. */
final class DefaultCheck implements Check {
    static final DefaultCheck INSTANCE = new DefaultCheck();

    @Override
    public void error(Cursor at, String what, String mend) {
        throw new IllegalStateException("default " + at.json() + ": " + what);
    }

    @Override
    public void warn(Cursor at, String what, String mend) {
        error(at, what, mend);
    }

    @Override
    public void unknown(Cursor at, String noun, String word, Collection<String> known) {
        error(at, word + " is no " + noun, "");
    }

    @Override
    public @Nullable Jq jq(Cursor at, String text) {
        throw new IllegalStateException("a default cannot be jq: " + text);
    }

    @Override
    public Template template(Cursor at) {
        return new LiteralTemplate(at.json());
    }

    @Override
    public Optional<JsonNode> evaluate(Cursor at, Template template) {
        return Optional.of(template.source());
    }

    @Override
    public Settings settings(Cursor at, Spec spec) {
        if (!at.json().isEmpty()) {
            throw new IllegalStateException("a default object must be empty: " + at.json());
        }
        return new Settings(spec, at, Map.of());
    }

    @Override
    public @Nullable Block steps(Cursor at, Block.Filter filter) {
        throw new IllegalStateException("steps have no default");
    }

    @Override
    public boolean reference(Cursor at, Reference reference) {
        return true;
    }
}
