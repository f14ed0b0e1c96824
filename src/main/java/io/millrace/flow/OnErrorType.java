package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Block;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of a failure: a word, or catch steps. */
record OnErrorType() implements Type<OnError> {
    private static final List<String> WORDS = List.of("ignore", "drop", "dead-letter", "stop");
    private static final Map<String, OnError> BY_WORD = Map.of(
            "ignore", new OnError.Ignore(),
            "drop", new OnError.Drop(),
            "dead-letter", new OnError.DeadLetter(),
            "stop", new OnError.Stop());

    @Override
    public String noun() {
        return Words.anyOf(WORDS) + ", or a list of steps";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ObjectNode words = JsonNodeFactory.instance.objectNode();
        WORDS.forEach(words.putArray("enum")::add);
        schema.putArray("anyOf").add(words).add(Refs.to("steps"));
        return schema;
    }

    @Override
    public @Nullable OnError read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isArray()) {
            Block steps = check.steps(at, Block.Filter.AS_AROUND);
            return steps == null ? null : new OnError.Catch((Steps) steps);
        }
        OnError known = json.isTextual() ? BY_WORD.get(json.textValue()) : null;
        if (known != null) {
            return known;
        }
        if (json.isTextual()) {
            check.unknown(at, "way to treat failures", json.textValue(), WORDS);
        } else {
            check.error(at, Words.shown(json) + " is not a way to treat failures.", "Write " + noun() + ".");
        }
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual() || value.isArray();
    }
}
