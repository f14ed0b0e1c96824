package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.ExactJson;

/**
 * Where a record lies in files. As a token it is the list {@code ["urls.txt", at, line, position]}, with {@code true} behind it for a
 * rest: a list, as one is made for each record.
 *
 * @param file its path, as the flow has it
 * @param at where it begins in the file, in the source's own measure, growing from record to record
 * @param line its number in the file, from 1; of a rest, that of the record before it
 * @param position its number over all files
 * @param rest whether it stands for all that follows in the file, which could not be read
 */
record Address(String file, long at, long line, long position, boolean rest) {
    static JsonNode token(JsonNode file, long at, long line, long position) {
        return list(file, at, line, position);
    }

    static JsonNode ofRest(JsonNode file, long at, long line, long position) {
        return list(file, at, line, position).add(BooleanNode.TRUE);
    }

    private static ArrayNode list(JsonNode file, long at, long line, long position) {
        return new ArrayNode(JsonNodeFactory.instance, 5)
                .add(file)
                .add(ExactJson.whole(at))
                .add(ExactJson.whole(line))
                .add(ExactJson.whole(position));
    }

    static Address of(JsonNode token) {
        return new Address(
                token.path(0).asText(),
                token.path(1).asLong(),
                token.path(2).asLong(),
                token.path(3).asLong(),
                token.path(4).asBoolean());
    }

    /** How many records of the file lie before it. */
    long linesBefore() {
        return rest ? line : line - 1;
    }
}
