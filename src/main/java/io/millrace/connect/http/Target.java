package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import java.net.IDN;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A URL to send a request to. Tolerant as browsers are: what may not stand in a URL is percent-encoded, a fragment is dropped.
 *
 * @param host without brackets
 * @param uri path and query, as sent
 * @param userInfo {@code user:password} of the URL, decoded by nobody; never shown
 */
record Target(
        boolean ssl,
        String host,
        int port,
        String uri,
        @Nullable String userInfo) {
    private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*:.*", Pattern.DOTALL);
    private static final String FORBIDDEN = "\"<>\\^`{|}";

    /** Throws {@link Failure} BAD_DATA for what is not an http URL. */
    static Target parse(String text) {
        String url = text.trim();
        boolean ssl = url.regionMatches(true, 0, "https://", 0, 8);
        if (!ssl && !url.regionMatches(true, 0, "http://", 0, 7)) {
            throw notOne(text);
        }
        int from = ssl ? 8 : 7;
        int to = endOfAuthority(url, from);
        String authority = url.substring(from, to);
        int at = authority.lastIndexOf('@');
        String hostPort = authority.substring(at + 1);
        if (hostPort.startsWith("[") && hostPort.indexOf(']') < 0) {
            throw Failure.badData("\"" + shown(text) + "\": the address in brackets has no closing ].");
        }
        int colon = hostPort.indexOf(':', hostPort.lastIndexOf(']') + 1);
        String host = host(colon < 0 ? hostPort : hostPort.substring(0, colon), text);
        int port = colon < 0 || colon == hostPort.length() - 1
                ? (ssl ? 443 : 80)
                : port(hostPort.substring(colon + 1), text);
        return new Target(ssl, host, port, pathAndQuery(url.substring(to)), at < 0 ? null : authority.substring(0, at));
    }

    private static int endOfAuthority(String url, int from) {
        int end = from;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String host(String text, String url) {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            String ascii = isAscii(host) ? host : IDN.toASCII(host);
            if (!ascii.isEmpty() && firstForbidden(ascii) < 0 && ascii.indexOf('%') < 0) {
                return ascii.toLowerCase(Locale.ROOT);
            }
        } catch (IllegalArgumentException notAName) {
            // told below, in the same words
        }
        throw notOne(url);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static int port(String text, String url) {
        int port = 0;
        for (int i = 0; i < text.length() && port <= 65535; i++) {
            int digit = text.charAt(i) - '0';
            port = digit < 0 || digit > 9 ? 65536 : port * 10 + digit;
        }
        if (port < 1 || port > 65535) {
            throw Failure.badData("\"" + shown(url) + "\": the port must be a number from 1 to 65535.");
        }
        return port;
    }

    private static Failure notOne(String text) {
        return Failure.badData("\"" + shown(text) + "\" is not an http URL. Write http://… or https://…");
    }

    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 197) + "…";
    }

    private static String pathAndQuery(String text) {
        int fragment = text.indexOf('#');
        String rest = encoded(fragment < 0 ? text : text.substring(0, fragment));
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static String encoded(String text) {
        int first = firstForbidden(text);
        return first < 0 ? text : encodeFrom(text, first);
    }

    private static int firstForbidden(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean allowed(char c) {
        return c > ' ' && c < 0x7f && FORBIDDEN.indexOf(c) < 0;
    }

    private static String encodeFrom(String text, int first) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (byte b : text.substring(first).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (allowed(c)) {
                out.append(c);
            } else {
                out.append('%').append(String.format("%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** The target of a link or {@code Location} found at this one. */
    Target resolve(String reference) {
        String link = reference.trim();
        if (SCHEME.matcher(link).matches()) {
            return parse(link);
        }
        if (link.startsWith("//")) {
            return parse((ssl ? "https:" : "http:") + link);
        }
        return new Target(ssl, host, port, withoutDots(pathAndQuery(merged(link))), userInfo);
    }

    private String merged(String link) {
        if (link.startsWith("/")) {
            return link;
        }
        String path = path();
        if (link.isEmpty() || link.startsWith("#")) {
            return uri;
        }
        return link.startsWith("?") ? path + link : path.substring(0, path.lastIndexOf('/') + 1) + link;
    }

    private static String withoutDots(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (!path.contains("/.")) {
            return uri;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..")) {
                kept.pollLast();
            }
            if (!dots) {
                kept.addLast(segments[i]);
            } else if (i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept) + (query < 0 ? "" : uri.substring(query));
    }

    /** The same with more parameters, encoded already, behind those it has. */
    Target withQuery(String parameters) {
        return parameters.isEmpty()
                ? this
                : new Target(ssl, host, port, uri + (uri.indexOf('?') < 0 ? "?" : "&") + parameters, userInfo);
    }

    /** The same with these parameters in the place of those of their names; a null takes one away. */
    Target mergedQuery(ObjectNode parameters) {
        int query = uri.indexOf('?');
        String kept = query < 0
                ? ""
                : Arrays.stream(uri.substring(query + 1).split("&"))
                        .filter(pair -> !pair.isEmpty() && !parameters.has(nameOf(pair)))
                        .collect(Collectors.joining("&"));
        Target bare = new Target(ssl, host, port, path() + (kept.isEmpty() ? "" : "?" + kept), userInfo);
        return bare.withQuery(Query.encode(parameters, Query.Spaces.PERCENT));
    }

    private static String nameOf(String pair) {
        int equals = pair.indexOf('=');
        return URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
    }

    /** Without the query; begins with a slash. */
    String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** What stands behind the question mark, as it is sent; empty for none. */
    String query() {
        int query = uri.indexOf('?');
        return query < 0 ? "" : uri.substring(query + 1);
    }

    Target withUser(@Nullable String user) {
        return new Target(ssl, host, port, uri, user);
    }

    boolean sameOrigin(Target other) {
        return ssl == other.ssl && port == other.port && host.equals(other.host);
    }

    /** {@code host:port}, which limits are kept by and errors speak of. */
    String address() {
        return hostText() + ":" + port;
    }

    /** The URL, without what was before an {@code @}. */
    String url() {
        return originUrl() + uri;
    }

    /** The URL as far as the host and its port. */
    String originUrl() {
        return (ssl ? "https://" : "http://") + hostText() + (port == (ssl ? 443 : 80) ? "" : ":" + port);
    }

    private String hostText() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    @Override
    public String toString() {
        return url();
    }
}
