package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientForm;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as a flow asks for it, before a client adds what is its own.
 *
 * @param headers the step's own, each value a scalar, a list, or null to take the client's header away
 * @param origin where the first request of a chain of redirects went: elsewhere, secrets are left out
 */
record Outbound(
        HttpMethod method,
        Target target,
        ObjectNode headers,
        @Nullable Payload payload,
        Target origin) {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS);

    /** Headers that tell nothing of who asks; all others stay with the origin they were meant for. */
    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-language",
            "content-type",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "pragma",
            "range",
            "user-agent");

    /**
     * What is sent as body: bytes or a form.
     *
     * @param contentType empty where the form says it itself
     */
    record Payload(@Nullable Buffer bytes, @Nullable ClientForm form, String contentType) {}

    /** Where a redirect leads: as browsers do, a POST becomes a GET unless the status forbids it. */
    Outbound redirected(int status, Target to) {
        boolean becomesGet = (status == 303 && !method.equals(HttpMethod.HEAD))
                || ((status == 301 || status == 302) && method.equals(HttpMethod.POST));
        return becomesGet
                ? new Outbound(HttpMethod.GET, to, withoutContentHeaders(), null, origin)
                : new Outbound(method, to, headers, payload, origin);
    }

    private ObjectNode withoutContentHeaders() {
        ObjectNode kept = headers.deepCopy();
        kept.properties().removeIf(e -> e.getKey().toLowerCase(Locale.ROOT).startsWith("content-"));
        return kept;
    }

    boolean idempotent() {
        return IDEMPOTENT.contains(method);
    }

    /** Whether it still goes where the flow sent it. */
    boolean atHome() {
        return target.sameOrigin(origin);
    }

    /** Adds the headers to those a client sets; the step's own win. */
    void writeHeaders(MultiMap into) {
        if (payload != null && !payload.contentType().isEmpty()) {
            into.set(HttpHeaders.CONTENT_TYPE, payload.contentType());
        }
        headers.properties().forEach(entry -> write(entry.getKey(), entry.getValue(), into));
        if (!atHome()) {
            into.names().stream()
                    .filter(name -> !HARMLESS.contains(name.toLowerCase(Locale.ROOT)))
                    .toList()
                    .forEach(into::remove);
        }
    }

    private static void write(String name, JsonNode value, MultiMap into) {
        try {
            into.remove(name);
            if (value.isArray()) {
                value.forEach(one -> into.add(name, one.asText()));
            } else if (!value.isNull()) {
                into.set(name, value.asText());
            }
        } catch (IllegalArgumentException refused) {
            throw Failure.of(
                    Failure.Kind.BAD_DATA, "header \"" + name + "\" cannot be sent: " + refused.getMessage(), refused);
        }
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
