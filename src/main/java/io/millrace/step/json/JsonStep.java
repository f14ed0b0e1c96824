package io.millrace.step.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Dynamic;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.List;

/** Parses JSON. */
@AutoService(Connector.class)
public final class JsonStep implements StepType, Connector {
    private static final int EXCERPT = 20;

    private static final Field<Dynamic<String>> TEXT = Field.of(
                    "text", Types.dynamic(Types.string()), "The text to parse.")
            .required()
            .example("${.body}");
    private static final Spec SPEC = Spec.step("json", "Parses a text as JSON.")
            .main(TEXT)
            .returns("the value; numbers keep all their digits")
            .note("A text that is not one JSON value is BAD_DATA, with line, column and what stands there.")
            .example("{\"source\": {\"values\": [\"{\\\"a\\\": [1, 2]}\"]}, \"steps\": [{\"json\": \"${.value}\"}]}")
            .done();

    @Override
    public List<Component> components() {
        return List.of(this);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<String> text = settings.get(TEXT);
        return frame -> Future.succeededFuture(parse(text.get(frame)));
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode value = ExactJson.WHOLE.readTree(text);
            if (value.isMissingNode()) {
                throw Failure.badData("not JSON: the text is empty");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw Failure.badData(message(text, e));
        }
    }

    private static String message(String text, JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        if (at == null) {
            return "not JSON: " + reason;
        }
        int offset = Math.max(0, Math.min((int) at.getCharOffset(), text.length()));
        String excerpt = text.substring(Math.max(0, offset - EXCERPT), Math.min(text.length(), offset + EXCERPT));
        return "not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ", near `" + excerpt.strip()
                + "`: " + reason;
    }
}
