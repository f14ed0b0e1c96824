package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Several types: the first whose shape fits reads the value. */
public final class Union<T> implements Type<T> {
    private final List<Type<? extends T>> types;

    Union(List<Type<? extends T>> types) {
        this.types = types;
    }

    public Union<T> or(Type<? extends T> next) {
        List<Type<? extends T>> more = new ArrayList<>(types);
        more.add(next);
        return new Union<>(List.copyOf(more));
    }

    @Override
    public String noun() {
        return types.stream().map(Type::noun).collect(Collectors.joining(", or "));
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        var anyOf = schema.putArray("anyOf");
        types.forEach(type -> anyOf.add(type.schema()));
        return schema;
    }

    @Override
    public boolean holdsSteps() {
        return types.stream().anyMatch(Type::holdsSteps);
    }

    @Override
    public boolean perItem() {
        return types.stream().anyMatch(Type::perItem);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return types.stream().anyMatch(type -> type.accepts(value));
    }

    @Override
    public @Nullable T read(Cursor at, Check check) {
        for (Type<? extends T> type : types) {
            if (type.accepts(at.json())) {
                return Types.read(type, at, check).orElse(null);
            }
        }
        if (at.json().isTextual() && at.json().textValue().contains("${")) {
            return evaluated(at, check);
        }
        check.error(at, Types.shown(at.json()) + " does not fit here.", "Write " + noun() + ".");
        return null;
    }

    /** No type takes the template itself: its value, known at start, may fit. */
    private @Nullable T evaluated(Cursor at, Check check) {
        Template template = check.fixed(at);
        return template == null
                ? null
                : check.evaluate(at, template)
                        .map(value -> read(at.with(value), check))
                        .orElse(null);
    }
}
