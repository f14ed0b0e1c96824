package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes lines of documents. */
final class SinkLines {
    private final Optional<Template> text;
    private final boolean json;

    SinkLines(Settings settings) {
        this.text = settings.find(ExecSinkType.TEXT);
        this.json = settings.get(ExecSinkType.FORMAT) == ExecSinkType.Format.JSONL;
    }

    /**
     * The lines of a batch.
     *
     * @param rejected those that make no line, by index
     */
    record Encoded(byte[] bytes, Map<Integer, Failure> rejected) {}

    Encoded of(Batch batch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<Integer, Failure> rejected = new LinkedHashMap<>();
        for (int i = 0; i < batch.documents().size(); i++) {
            try {
                bytes.writeBytes(line(batch.documents().get(i), batch.variables(i)));
                bytes.write('\n');
            } catch (Failure failure) {
                rejected.put(i, failure);
            }
        }
        return new Encoded(bytes.toByteArray(), rejected);
    }

    private byte[] line(ObjectNode document, Variables variables) {
        if (text.isEmpty() && json) {
            return Json.bytes(document);
        }
        JsonNode value = text.isPresent() ? text.get().eval(document, variables) : document.path("value");
        if (value.isMissingNode() || value.isNull()) {
            throw Failure.badData(text.isPresent() ? "the line is null" : "the item has no \"value\"; set \"text\"");
        }
        byte[] line = Json.text(value);
        for (byte b : line) {
            if (b == '\n') {
                throw Failure.badData("the text holds a line break, which would make two lines of it");
            }
        }
        return line;
    }
}
