package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Block;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Expressions;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Reference;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one component as the flow reader does, without a flow around them. */
public final class TestCheck implements Check {
    private final Expressions expressions;
    private final Variables variables;
    private final List<String> problems = new ArrayList<>();

    public TestCheck(Expressions expressions, Variables variables) {
        this.expressions = expressions;
        this.variables = variables;
    }

    /** Problems as {@code pointer: what mend}. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public void error(Cursor at, String what, String mend) {
        problems.add(at.pointer() + ": " + what + " " + mend);
    }

    @Override
    public void warn(Cursor at, String what, String mend) {
        error(at, "warning: " + what, mend);
    }

    @Override
    public void unknown(Cursor at, String noun, String word, Collection<String> known) {
        error(at, "unknown " + noun + " \"" + word + "\".", "Known: " + String.join(", ", known));
    }

    @Override
    public @Nullable Jq jq(Cursor at, String text) {
        try {
            return expressions.jq(text);
        } catch (Expressions.BadExpression e) {
            error(at, e.what(), e.mend());
            return null;
        }
    }

    @Override
    public @Nullable Template template(Cursor at) {
        try {
            return expressions.template(at.json());
        } catch (Expressions.BadExpression e) {
            error(at, e.what(), e.mend());
            return null;
        }
    }

    @Override
    public Optional<JsonNode> evaluate(Cursor at, Template template) {
        return Optional.of(template.eval(TestJson.read("null"), variables));
    }

    @Override
    public @Nullable Settings settings(Cursor at, Spec spec) {
        int before = problems.size();
        Map<Field<?>, Object> values = new HashMap<>();
        if (spec.whole() || !at.json().isObject()) {
            Field<?> main = spec.main().orElseThrow(() -> new AssertionError(spec + " has no main field"));
            Types.read(main.type(), at, this).ifPresent(value -> values.put(main, value));
        } else {
            readFields(at, spec, values);
        }
        Settings settings = new Settings(spec, at, values);
        spec.rules().forEach(rule -> rule.check(settings, this));
        return problems.size() == before ? settings : null;
    }

    private void readFields(Cursor at, Spec spec, Map<Field<?>, Object> values) {
        Map<String, Field<?>> known = new HashMap<>();
        spec.fields().forEach(field -> known.put(field.name(), field));
        at.json().fieldNames().forEachRemaining(name -> {
            if (!known.containsKey(name)) {
                unknown(at.child(name), "field", name, known.keySet());
            }
        });
        for (Field<?> field : spec.fields()) {
            if (at.json().has(field.name())) {
                Types.read(field.type(), at.child(field.name()), this).ifPresent(value -> values.put(field, value));
            } else if (field.isRequired()) {
                error(at, "\"" + field + "\" is missing.", "");
            }
        }
    }

    @Override
    public Block steps(Cursor at, Block.Filter filter) {
        return new TestBlock(at.json());
    }

    @Override
    public boolean reference(Cursor at, Reference reference) {
        return true;
    }

    /** Steps as they stand in a flow. */
    record TestBlock(JsonNode steps) implements Block {
        @Override
        public int size() {
            return steps.size();
        }
    }
}
