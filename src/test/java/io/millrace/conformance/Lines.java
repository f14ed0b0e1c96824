package io.millrace.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testkit.Millrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a flow or a program has said, as lines that can be compared. */
final class Lines {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /** Exit codes that the lines tell by themselves: all well, and well but for dead letters. */
    private static final Set<Integer> TOLD = Set.of(0, 3);

    private Lines() {}

    /** JSON lines, written in one way only. */
    static List<String> canonical(String printed) {
        return printed.lines().map(Lines::canonicalLine).toList();
    }

    private static String canonicalLine(String line) {
        try {
            return JSON.writeValueAsString(JSON.readValue(line, Object.class));
        } catch (JsonProcessingException e) {
            return line;
        }
    }

    /** What was printed, then a line for each dead letter, then, if the run failed, one that says so. */
    static List<String> of(Millrace.Outcome outcome) {
        List<String> lines = new ArrayList<>(canonical(outcome.out()));
        outcome.deadLetters().forEach(letter -> lines.add(canonicalLine(dead(letter))));
        if (!TOLD.contains(outcome.exitCode())) {
            lines.add("{\"exit\":" + outcome.exitCode() + "}");
        }
        return lines;
    }

    /** As {@code dead()} of the programs' helper writes it: messages of other kinds than BAD_DATA are in our own words. */
    private static String dead(JsonNode letter) {
        JsonNode error = letter.get("error");
        ObjectNode line = JSON.createObjectNode();
        line.set("dead", error.get("kind"));
        line.set("step", error.get("step"));
        if (error.get("kind").textValue().equals("BAD_DATA")) {
            line.set("message", error.get("message"));
        }
        return line.toString();
    }
}
