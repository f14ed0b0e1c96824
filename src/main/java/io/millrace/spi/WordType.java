package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One of some words. */
record WordType(String kind, List<String> words) implements Type<String> {
    static <E extends Enum<E>> Type<E> of(String kind, Class<E> of) {
        List<String> words =
                Arrays.stream(of.getEnumConstants()).map(WordType::word).toList();
        return new WordType(kind, words).map(word -> of.getEnumConstants()[words.indexOf(word)]);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String noun() {
        return "one of " + String.join(", ", words);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Types.schemaOf("string");
        var list = schema.putArray("enum");
        words.forEach(list::add);
        return Schemas.orTemplate(schema);
    }

    @Override
    public @Nullable String read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isTextual() && words.contains(json.textValue())) {
            return json.textValue();
        }
        check.unknown(at, kind, json.isTextual() ? json.textValue() : Types.shown(json), words);
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual();
    }
}
