package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Server-sent events ({@code html.spec.whatwg.org/multipage/server-sent-events.html}): each is {@code {event, data, id}}. */
final class EventFormat extends StreamFormat {
    /** What a connection leaves to the next one. */
    static final class Memory {
        private String lastId = "";
        private Duration pause = Duration.ZERO;

        /** The id of the last event, empty for none. */
        String lastId() {
            return lastId;
        }

        /** How long the server asked to wait before the next connection; zero if it did not. */
        Duration pause() {
            return pause;
        }
    }

    private final Memory memory;
    private final int maxEvent;
    private final StringBuilder data = new StringBuilder();
    private String event = "";
    private String id;
    private boolean hasData;

    EventFormat(Out out, int maxLine, String url, Memory memory) {
        super(out, maxLine, url);
        this.memory = memory;
        this.maxEvent = maxLine;
        this.id = memory.lastId;
    }

    @Override
    void line(byte[] bytes, int offset, int length) {
        if (length == 0) {
            dispatch();
            return;
        }
        String line = new String(bytes, offset, length, StandardCharsets.UTF_8);
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
        field(name, value);
    }

    private void field(String name, String value) {
        switch (name) {
            case "event":
                event = value;
                break;
            case "data":
                if (data.length() <= maxEvent) {
                    data.append(hasData ? "\n" : "").append(value);
                }
                hasData = true;
                break;
            case "id":
                id = value.indexOf('\0') < 0 ? value : id;
                break;
            case "retry":
                if (value.matches("\\d{1,9}")) {
                    memory.pause = Duration.ofMillis(Long.parseLong(value));
                }
                break;
            default: // a comment, or nothing that the standard knows
        }
    }

    /** An event that the connection cut off is dropped, as the standard says: it comes again. */
    private void dispatch() {
        memory.lastId = id;
        if (data.length() > maxEvent) {
            out.bad(TextNode.valueOf(data.substring(0, Math.min(1000, data.length()))), tooLong());
        } else if (hasData) {
            ObjectNode record = JsonNodeFactory.instance.objectNode();
            record.put("event", event.isEmpty() ? "message" : event).put("data", data.toString());
            out.record(record.put("id", id));
        }
        data.setLength(0);
        hasData = false;
        event = "";
    }
}
