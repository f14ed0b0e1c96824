package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The address of a page as it is kept: what differs from that of the first page, for which the flow stands. So a key or a user that is part of the URL is not
 * kept, and may be another one when the run goes on.
 *
 * <p>As JSON an object of what is not as in the first: {@code at} is the origin, {@code path} begins with as many segments of the first path
 * as its number says, {@code query} lists parameters, those of the first by their index; {@code user} is true where the first one's
 * goes along.
 */
final class PageAddress {
    private static final String AT = "at";
    private static final String PATH = "path";
    private static final String QUERY = "query";
    private static final String USER = "user";

    private PageAddress() {}

    static JsonNode of(Target page, Target first) {
        ObjectNode address = JsonNodeFactory.instance.objectNode();
        if (!page.sameOrigin(first)) {
            address.put(AT, page.originUrl());
        }
        if (!page.path().equals(first.path())) {
            address.set(PATH, path(page.path(), segments(first.path())));
        }
        if (!page.query().equals(first.query())) {
            address.set(QUERY, query(pairs(page.query()), pairs(first.query())));
        }
        if (first.userInfo() != null && first.userInfo().equals(page.userInfo())) {
            address.put(USER, true);
        }
        return address;
    }

    static Target target(JsonNode address, Target first) {
        String path = address.has(PATH) ? path(address.path(PATH), segments(first.path())) : first.path();
        String query = address.has(QUERY) ? query(address.path(QUERY), pairs(first.query())) : first.query();
        String origin = address.path(AT).asText(first.originUrl());
        Target bare = Target.parse(origin + path + (query.isEmpty() ? "" : "?" + query));
        return address.path(USER).asBoolean() ? bare.withUser(first.userInfo()) : bare;
    }

    private static ArrayNode path(String path, List<String> first) {
        List<String> segments = segments(path);
        int common = 0;
        while (common < Math.min(segments.size(), first.size())
                && segments.get(common).equals(first.get(common))) {
            common++;
        }
        return JsonNodeFactory.instance
                .arrayNode()
                .add(IntNode.valueOf(common))
                .add(joined(segments.subList(common, segments.size())));
    }

    private static String path(JsonNode kept, List<String> first) {
        int common = Math.min(kept.path(0).asInt(), first.size());
        String path = joined(first.subList(0, common)) + kept.path(1).asText();
        return path.isEmpty() ? "/" : path;
    }

    private static String joined(List<String> segments) {
        return segments.stream().map(segment -> "/" + segment).collect(Collectors.joining());
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    private static ArrayNode query(List<String> pairs, List<String> first) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        List<String> known = first.stream().map(PageAddress::decoded).toList();
        for (String pair : pairs) {
            int index = known.indexOf(decoded(pair));
            kept.add(index < 0 ? TextNode.valueOf(pair) : IntNode.valueOf(index));
        }
        return kept;
    }

    private static String query(JsonNode kept, List<String> first) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode pair : kept) {
            int index = pair.asInt();
            if (pair.isTextual()) {
                pairs.add(pair.textValue());
            } else if (index < first.size()) {
                pairs.add(first.get(index));
            }
        }
        return String.join("&", pairs);
    }

    private static List<String> pairs(String query) {
        return query.isEmpty() ? List.of() : Arrays.asList(query.split("&", -1));
    }

    /** Servers that give URLs may encode otherwise than we do. */
    private static String decoded(String pair) {
        try {
            return URLDecoder.decode(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return pair;
        }
    }
}
