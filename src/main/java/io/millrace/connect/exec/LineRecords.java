package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.LineReader;
import io.millrace.spi.Records;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Makes records of lines. */
enum LineRecords {
    LINES {
        @Override
        void add(LineReader line, String place, long position, Records into) {
            into.add(text(line), position);
        }
    },
    JSONL {
        @Override
        void add(LineReader line, String place, long position, Records into) {
            try {
                JsonNode value = Json.parse(line.bytes(), line.offset(), line.length());
                if (!value.isMissingNode()) {
                    into.add(value, position);
                }
            } catch (IOException e) {
                into.bad(text(line), position, Failure.badData(place + ": not JSON: " + Json.reason(e)));
            }
        }
    };

    /** Adds the record of a line; one that is no such record is a bad one. */
    abstract void add(LineReader line, String place, long position, Records into);

    static TextNode text(LineReader line) {
        return TextNode.valueOf(new String(line.bytes(), line.offset(), line.length(), StandardCharsets.UTF_8));
    }
}
