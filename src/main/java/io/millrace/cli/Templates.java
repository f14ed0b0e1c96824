package io.millrace.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flows that {@code init} writes. */
final class Templates {
    /** Names, and what they are for. */
    static final Map<String, String> ALL = all();

    private Templates() {}

    static InputStream open(String name) throws IOException {
        InputStream stream = Templates.class.getResourceAsStream("/templates/" + name + ".json");
        if (stream == null) {
            throw new FileNotFoundException("template " + name);
        }
        return stream;
    }

    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("hello", "a source, two steps, JSON lines on standard output");
        all.put("fetch", "fetch a list of URLs, many at a time, one JSON line for each");
        all.put("scrape", "walk the pages of a site, parse them, store rows in PostgreSQL");
        all.put("api-to-postgres", "read an API page by page, upsert its records into PostgreSQL");
        return Collections.unmodifiableMap(all);
    }
}
