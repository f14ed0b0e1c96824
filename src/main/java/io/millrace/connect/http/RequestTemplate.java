package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientMultipartForm;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the request for an item. */
final class RequestTemplate {
    private static final ObjectNode NONE = JsonNodeFactory.instance.objectNode();

    private final Assembly assembly;
    private final Dynamic<String> url;
    private final Optional<Dynamic<String>> method;
    private final Map<String, Template> query;
    private final Map<String, Template> headers;
    private final Optional<Template> body;
    private final Optional<Map<String, Template>> form;
    private final Optional<Map<String, Template>> multipart;

    RequestTemplate(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.url = settings.get(StepFields.URL);
        this.method = settings.find(StepFields.METHOD);
        this.query = settings.find(StepFields.QUERY).orElse(Map.of());
        this.headers = settings.find(StepFields.HEADERS).orElse(Map.of());
        this.body = settings.find(StepFields.BODY);
        this.form = settings.find(StepFields.FORM);
        this.multipart = settings.find(StepFields.MULTIPART);
    }

    Outbound of(Frame frame) {
        Target target = Target.parse(url.get(frame));
        if (!query.isEmpty()) {
            target = target.withQuery(Query.encode(values(query, frame), Query.Spaces.PERCENT));
        }
        Outbound.Payload payload = payload(frame);
        HttpMethod chosen =
                method.map(name -> method(name.get(frame))).orElse(payload == null ? HttpMethod.GET : HttpMethod.POST);
        return new Outbound(chosen, target, headers.isEmpty() ? NONE : values(headers, frame), payload, target);
    }

    static HttpMethod method(String name) {
        if (!name.matches("[A-Za-z]{1,20}")) {
            throw Failure.badData(
                    "\"" + name + "\" is not an HTTP method. Write GET, POST, PUT, PATCH, DELETE or HEAD.");
        }
        return HttpMethod.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static ObjectNode values(Map<String, Template> templates, Frame frame) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        templates.forEach((name, template) -> values.set(name, template.eval(frame)));
        return values;
    }

    private Outbound.@Nullable Payload payload(Frame frame) {
        if (body.isPresent()) {
            return body(body.get().eval(frame));
        }
        if (form.isPresent()) {
            String encoded = Query.encode(values(form.get(), frame), Query.Spaces.PLUS);
            return new Outbound.Payload(Buffer.buffer(encoded), null, "application/x-www-form-urlencoded");
        }
        return multipart.isPresent() ? multipart(values(multipart.get(), frame)) : null;
    }

    static Outbound.Payload body(JsonNode value) {
        return value.isTextual()
                ? new Outbound.Payload(Buffer.buffer(value.textValue()), null, "text/plain; charset=utf-8")
                : new Outbound.Payload(Buffer.buffer(value.toString()), null, "application/json");
    }

    private Outbound.Payload multipart(ObjectNode parts) {
        ClientMultipartForm made = ClientMultipartForm.multipartForm();
        parts.properties().forEach(part -> addPart(part.getKey(), part.getValue(), made));
        return new Outbound.Payload(null, made, "");
    }

    private void addPart(String name, JsonNode value, ClientMultipartForm into) {
        if (value.isNull()) {
            return;
        }
        if (!value.isObject()) {
            into.attribute(name, value.isArray() ? value.toString() : value.asText());
            return;
        }
        if (!value.path("file").isTextual()) {
            throw Failure.badData("the part \"" + name + "\" has no file. Write {\"file\": \"path\"}.");
        }
        Path path = assembly.path(value.path("file").textValue());
        if (!Files.isReadable(path)) {
            throw Failure.badData("the part \"" + name + "\": " + path + " cannot be read");
        }
        String shown = value.path("name").asText(String.valueOf(path.getFileName()));
        into.binaryFileUpload(name, shown, value.path("type").asText("application/octet-stream"), path.toString());
    }
}
