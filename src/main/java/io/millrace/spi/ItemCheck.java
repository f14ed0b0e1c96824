package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a template gave for one item: a problem is a BAD_DATA failure of that item. */
record ItemCheck(Template template) implements Check {
    @Override
    public void error(Cursor at, String what, String mend) {
        throw Failure.badData("`" + template.source().asText() + "`: " + what + (mend.isEmpty() ? "" : " " + mend));
    }

    @Override
    public void warn(Cursor at, String what, String mend) {}

    @Override
    public void unknown(Cursor at, String noun, String word, Collection<String> known) {
        error(at, "\"" + word + "\" is not a " + noun + ".", "Write one of " + String.join(", ", known) + ".");
    }

    @Override
    public @Nullable Jq jq(Cursor at, String text) {
        throw Failure.badData("jq cannot come from a template");
    }

    @Override
    public Template template(Cursor at) {
        return new LiteralTemplate(at.json());
    }

    @Override
    public Optional<JsonNode> evaluate(Cursor at, Template literal) {
        return Optional.of(literal.source());
    }

    @Override
    public @Nullable Settings settings(Cursor at, Spec spec) {
        throw Failure.badData("settings cannot come from a template");
    }

    @Override
    public @Nullable Block steps(Cursor at, Block.Filter filter) {
        throw Failure.badData("steps cannot come from a template");
    }

    @Override
    public boolean reference(Cursor at, Reference reference) {
        return true;
    }
}
