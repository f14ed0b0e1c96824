package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A typed value that may differ for each item: a literal, checked with the flow, or a template, whose value is checked when it is
 * evaluated.
 */
public final class Dynamic<T> {
    private final Type<T> type;
    private final @Nullable T literal;
    private final Template template;

    private Dynamic(Type<T> type, @Nullable T literal, Template template) {
        this.type = type;
        this.literal = literal;
        this.template = template;
    }

    static <T> Dynamic<T> literal(Type<T> type, T value, JsonNode source) {
        return new Dynamic<>(type, value, new LiteralTemplate(source));
    }

    static <T> Dynamic<T> template(Type<T> type, Template template) {
        return new Dynamic<>(type, null, template);
    }

    /** Its value for this frame. Throws {@link Failure} BAD_DATA if the template gives what the type does not take. */
    public T get(Frame frame) {
        return literal != null ? literal : get(frame.document(), frame);
    }

    public T get(JsonNode document, Variables variables) {
        if (literal != null) {
            return literal;
        }
        JsonNode value = template.eval(document, variables);
        T read = type.read(new Cursor(value, ""), new ItemCheck(template));
        if (read == null) {
            throw Failure.badData("`" + template.source().asText() + "` has no value");
        }
        return read;
    }

    /** Whether it is the same for every item. */
    public boolean isLiteral() {
        return literal != null;
    }

    /** As written in the flow. */
    public JsonNode source() {
        return template.source();
    }
}
