package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.ExactJson;

/**
 * Where an entry of a sitemap stands. As JSON: {@code [position, file, index, url, listing]}.
 *
 * @param position its ordinal among all, from 1
 * @param file the number of its sitemap among all that are listed, from 0
 * @param index its ordinal in there, from 1
 * @param url of that sitemap; empty for the first, for which the flow stands
 * @param listing numbers of the sitemaps before it that list others
 */
record SitemapPlace(long position, int file, int index, String url, ArrayNode listing) {
    static SitemapPlace of(JsonNode json) {
        return new SitemapPlace(
                json.path(0).asLong(),
                json.path(1).asInt(),
                json.path(2).asInt(),
                json.path(3).asText(),
                json.path(4) instanceof ArrayNode numbers ? numbers : JsonNodeFactory.instance.arrayNode());
    }

    JsonNode json() {
        return new ArrayNode(JsonNodeFactory.instance, 5)
                .add(ExactJson.whole(position))
                .add(IntNode.valueOf(file))
                .add(IntNode.valueOf(index))
                .add(url)
                .add(listing);
    }

    /** Whether it stands behind the other one, or is the same. */
    boolean isNotBefore(SitemapPlace other) {
        return file == other.file ? index >= other.index : file > other.file;
    }
}
