package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/** URLs, hashes, encodings and small files. */
final class WebFunctions {
    /** Bytes that {@code file} reads at most: it is for secrets and snippets. */
    static final int MAX_FILE = 64 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Pattern LINK =
            Pattern.compile("<([^>]*)>((?:\\s*;\\s*[\\w*-]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^\\s;,\"]*))?)*)");
    private static final Pattern REL =
            Pattern.compile(";\\s*rel\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;,\"]*))", Pattern.CASE_INSENSITIVE);

    private WebFunctions() {}

    static void addTo(Library library) {
        library.add("uuid", 0, (in, args) -> TextNode.valueOf(UUID.randomUUID().toString()));
        library.add("sha256", 0, (in, args) -> TextNode.valueOf(sha256(Json.text(in))));
        library.add("urlparts", 0, (in, args) -> parts(Url.parse(CoreFunctions.text("urlparts", in))));
        library.add("url_join", 1, (in, args) -> TextNode.valueOf(join(in, args.get(0))));
        library.add("domain", 0, (in, args) -> domain(in));
        library.add("rel", 1, (in, args) -> rel(in, CoreFunctions.text("rel", args.get(0))));
        library.add("file", 1, (in, args) -> file(CoreFunctions.text("file", args.get(0))));
        library.add("@base32", 0, (in, args) -> TextNode.valueOf(base32(Json.text(in))));
        library.add("@base32d", 0, (in, args) -> TextNode.valueOf(fromBase32(CoreFunctions.text("@base32d", in))));
        library.add(
                "@urid",
                0,
                (in, args) ->
                        TextNode.valueOf(decode(CoreFunctions.text("@urid", in).replace("+", "%2B"))));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static JsonNode parts(Url url) {
        ObjectNode parts = NODES.objectNode();
        parts.put("scheme", url.scheme())
                .put("user", url.user())
                .put("host", url.host())
                .put("port", url.port());
        parts.put("path", url.path()).set("query", query(url.query()));
        return parts.put("fragment", url.fragment());
    }

    /** Names to decoded values; a name that comes twice has an array. */
    private static JsonNode query(@Nullable String query) {
        ObjectNode result = NODES.objectNode();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            TextNode value = TextNode.valueOf(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            JsonNode before = result.get(name);
            if (before instanceof ArrayNode several) {
                several.add(value);
            } else {
                result.set(
                        name,
                        before == null ? value : NODES.arrayNode().add(before).add(value));
            }
        }
        return result;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String join(JsonNode reference, JsonNode base) throws JsonQueryException {
        Url from = Url.parse(CoreFunctions.text("url_join", base));
        if (from.scheme() == null) {
            throw Failing.error("`url_join` takes a base with a scheme, as https://…, not " + Json.shown(base));
        }
        return from.resolve(Url.parse(CoreFunctions.text("url_join", reference)))
                .toString();
    }

    private static JsonNode domain(JsonNode in) throws JsonQueryException {
        String host = Url.parse(CoreFunctions.text("domain", in)).host();
        return host == null ? NullNode.getInstance() : TextNode.valueOf(host);
    }

    /** The target of a Link header of an answer {@code {url, headers}}, absolute; null when there is none of that relation. */
    private static JsonNode rel(JsonNode answer, String name) throws JsonQueryException {
        JsonNode links = Filters.Field.of(Filters.Field.of(answer, "headers"), "link");
        Matcher link = LINK.matcher(links.isArray() ? joined(links) : links.isNull() ? "" : Json.text(links));
        while (link.find()) {
            Matcher rel = REL.matcher(String.valueOf(link.group(2)));
            while (rel.find()) {
                String names = rel.group(1) == null ? String.valueOf(rel.group(2)) : rel.group(1);
                if (List.of(names.toLowerCase(Locale.ROOT).split("\\s+")).contains(name.toLowerCase(Locale.ROOT))) {
                    return absolute(
                            String.valueOf(link.group(1)), answer.path("url").asText(""));
                }
            }
        }
        return NullNode.getInstance();
    }

    private static JsonNode absolute(String target, String base) {
        return TextNode.valueOf(Url.parse(base).resolve(Url.parse(target)).toString());
    }

    private static String joined(JsonNode array) {
        StringBuilder all = new StringBuilder();
        array.forEach(item -> all.append(Json.text(item)).append(", "));
        return all.toString();
    }

    private static JsonNode file(String path) throws JsonQueryException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            bytes = in.readNBytes(MAX_FILE + 1);
        } catch (NoSuchFileException e) {
            throw Failing.error("cannot read file " + path + ": it does not exist");
        } catch (IOException | InvalidPathException e) {
            throw Failing.error("cannot read file " + path + ": " + Json.shorten(String.valueOf(e.getMessage()), 100));
        }
        if (bytes.length > MAX_FILE) {
            throw Failing.error("file " + path + " is larger than 64 KB, the most that `file` reads");
        }
        return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", ""));
    }

    private static String base32(String text) {
        StringBuilder out = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            held = (held << 8 | (b & 0xff)) & 0xfff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(BASE32.charAt(held >> bits & 31));
            }
        }
        if (bits > 0) {
            out.append(BASE32.charAt(held << (5 - bits) & 31));
        }
        return out.append("=".repeat((8 - out.length() % 8) % 8)).toString();
    }

    private static String fromBase32(String text) throws JsonQueryException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (char c : text.replaceAll("=+$", "").toCharArray()) {
            int value = BASE32.indexOf(c);
            if (value < 0) {
                throw Failing.error("\"" + Json.shorten(text, 60) + "\" is not base32");
            }
            held = (held << 5 | value) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out.write(held >> bits & 0xff);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
