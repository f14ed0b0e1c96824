package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What there is to say about a file: {@code {path, name, dir, size, modified}}. */
final class FileFacts {
    private FileFacts() {}

    /** @param shown the path as it is to be shown */
    static ObjectNode of(Path file, Path shown) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        Path parent = shown.getParent();
        return JsonNodeFactory.instance
                .objectNode()
                .put("path", shown.toString())
                .put("name", String.valueOf(shown.getFileName()))
                .put("dir", parent == null ? "." : parent.toString())
                .put("size", facts.size())
                .put("modified", facts.lastModifiedTime().toInstant().toString());
    }
}
