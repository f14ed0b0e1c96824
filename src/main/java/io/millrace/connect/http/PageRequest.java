package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Settings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of a source: the first, and what {@code next} makes of it. */
final class PageRequest {
    private PageRequest() {}

    static Outbound first(Settings settings) {
        Target target = Target.parse(settings.get(SourceFields.URL));
        Optional<Map<String, JsonNode>> query = settings.find(SourceFields.QUERY);
        if (query.isPresent()) {
            target = target.withQuery(Query.encode(object(query.get()), Query.Spaces.PERCENT));
        }
        Outbound.Payload payload = payload(settings);
        HttpMethod method = settings.find(SourceFields.METHOD)
                .map(RequestTemplate::method)
                .orElse(payload == null ? HttpMethod.GET : HttpMethod.POST);
        ObjectNode headers = object(settings.find(SourceFields.HEADERS).orElse(Map.of()));
        return new Outbound(method, target, headers, payload, target);
    }

    private static ObjectNode object(Map<String, JsonNode> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach(object::set);
        return object;
    }

    private static Outbound.@Nullable Payload payload(Settings settings) {
        if (settings.has(SourceFields.BODY)) {
            return RequestTemplate.body(settings.get(SourceFields.BODY));
        }
        return settings.find(SourceFields.FORM)
                .map(form -> new Outbound.Payload(
                        Buffer.buffer(Query.encode(object(form), Query.Spaces.PLUS)),
                        null,
                        "application/x-www-form-urlencoded"))
                .orElse(null);
    }

    /** The request with one more header. */
    static Outbound with(Outbound request, String header, String value) {
        ObjectNode headers = request.headers().deepCopy();
        headers.put(header, value);
        return new Outbound(request.method(), request.target(), headers, request.payload(), request.origin());
    }

    /** Where we are told who asks by the first URL, the others of that place need it as well. */
    private static Target atHome(Target target, Target first) {
        return target.userInfo() == null && target.sameOrigin(first) ? target.withUser(first.userInfo()) : target;
    }

    /**
     * The request for the page that {@code next} names. Throws BAD_DATA if it names none.
     *
     * @param at where the page came from, after redirects
     */
    static Outbound next(Outbound request, String at, JsonNode named) {
        Target target;
        if (named.isTextual()) {
            target = atHome(Target.parse(at).resolve(named.textValue()), request.origin());
        } else if (named instanceof ObjectNode query) {
            target = request.target().mergedQuery(query);
        } else {
            throw Failure.badData(
                    "next gave " + named + ", which is no page. Give null, a URL or an object of parameters.");
        }
        if (target.url().equals(request.target().url())) {
            throw Failure.badData("next leads from " + target.url() + " to itself, and so would never end.");
        }
        return new Outbound(request.method(), target, request.headers(), request.payload(), request.origin());
    }
}
