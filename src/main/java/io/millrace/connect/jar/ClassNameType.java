package io.millrace.connect.jar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connect.jar.JavaStepType.ClassName;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a class with its package. */
record ClassNameType() implements Type<ClassName> {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

    @Override
    public String noun() {
        return "the name of a class, such as com.example.WordCount";
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance.objectNode().put("type", "string");
    }

    @Override
    public @Nullable ClassName read(Cursor at, Check check) {
        if (!at.json().isTextual() || !NAME.matcher(at.json().textValue()).matches()) {
            check.error(at, at.json() + " is no name of a class.", "Write " + noun() + ".");
            return null;
        }
        return new ClassName(at.json().textValue(), check.plugins());
    }

    @Override
    public boolean accepts(com.fasterxml.jackson.databind.JsonNode value) {
        return value.isTextual();
    }
}
