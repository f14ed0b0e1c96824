package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The text that a template gives for each document; by default its field {@code value}. */
record TextEncoder(Optional<Template> template, boolean newline) implements Encoder {
    @Override
    public void add(ObjectNode document, Variables variables, Bytes into, boolean atStart) {
        JsonNode value = template.isPresent() ? template.get().eval(document, variables) : document.get("value");
        if (value == null || value.isNull()) {
            throw Failure.badData(
                    template.isPresent()
                            ? "\"text\" gives null"
                            : "there is no field \"value\" to write; set \"text\"");
        }
        into.writeBytes(Jsons.text(value).getBytes(StandardCharsets.UTF_8));
        if (newline) {
            into.write('\n');
        }
    }
}
