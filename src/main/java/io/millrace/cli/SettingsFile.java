package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.spi.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings file, {@code millrace.json}: JSON with comments. */
record SettingsFile(Path file, JsonNode root) {
    private static final List<String> KNOWN =
            List.of("http", "state", "eventLoops", "flows", "plugins", "slowStep", "log", "$schema");
    static final SettingsFile NONE = new SettingsFile(Path.of(""), MissingNode.getInstance());

    static SettingsFile read(Path workingDirectory, Path file) {
        try {
            JsonNode root = mapper().readTree(Files.readString(workingDirectory.resolve(file)));
            return new SettingsFile(file, root).checked();
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw UserError.usage(file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw UserError.usage(
                    "cannot read settings " + file + ": " + (Files.exists(file) ? e.getMessage() : "no such file"));
        }
    }

    /** The text, number or boolean at a path such as {@code state.dir}. */
    Optional<String> find(String path) {
        JsonNode value = root.at("/" + path.replace('.', '/'));
        if (value.isContainerNode()) {
            throw UserError.usage(file + ": /" + path.replace('.', '/') + " must be a single value.");
        }
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    private SettingsFile checked() {
        root.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                String mend = Nearest.to(name, KNOWN)
                        .map(near -> " Did you mean \"" + near + "\"?")
                        .orElseGet(() -> " There are " + String.join(", ", KNOWN) + ".");
                throw UserError.usage(file + ": /" + name + ": unknown setting." + mend);
            }
        });
        return this;
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }
}
