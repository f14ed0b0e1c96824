package io.millrace.connect.http;

import java.util.Locale;

/** How the body of a page holds its records. */
enum PageFormat {
    AUTO,
    JSON,
    JSONL,
    CSV,
    LINES,
    SSE;

    /** This format, or, where it is left to the answer, the one that its content type names. */
    PageFormat orOf(String contentType) {
        if (this != AUTO) {
            return this;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .trim()
                .toLowerCase(Locale.ROOT);
        switch (type) {
            case "application/x-ndjson":
            case "application/ndjson":
            case "application/jsonl":
            case "application/x-jsonlines":
            case "application/json-lines":
            case "application/json-seq":
                return JSONL;
            case "text/csv":
                return CSV;
            case "text/event-stream":
                return SSE;
            default:
                return type.endsWith("json") ? JSON : LINES;
        }
    }
}
