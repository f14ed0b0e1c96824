package io.millrace.expr;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL cut as RFC 3986, appendix B, does, and resolved as its section 5.2 does; read as a browser reads an {@code href}: blanks around
 * and line breaks inside are dropped, and what may not stand in a URL is percent-encoded.
 */
record Url(
        @Nullable String scheme,
        @Nullable String authority,
        String path,
        @Nullable String query,
        @Nullable String fragment) {
    private static final Pattern PARTS = Pattern.compile(
            "^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("^(?:([^@]*)@)?(\\[[^]]*]|[^:]*)(?::(\\d*))?$");
    private static final String UNSAFE = " \"<>\\^`{|}";

    static Url parse(String text) {
        Matcher matcher = PARTS.matcher(text.strip().replaceAll("[\\t\\r\\n]", ""));
        if (!matcher.matches()) {
            throw new IllegalStateException(text);
        }
        return new Url(
                lower(matcher.group(1)),
                matcher.group(2) == null ? null : authority(matcher.group(2)),
                encode(String.valueOf(matcher.group(3)), "[]"),
                matcher.group(4) == null ? null : encode(matcher.group(4), ""),
                matcher.group(5) == null ? null : encode(matcher.group(5), ""));
    }

    private static String authority(String text) {
        int at = text.lastIndexOf('@');
        String host = text.substring(at + 1);
        return encode(text.substring(0, at + 1), "") + ascii(host).toLowerCase(Locale.ROOT);
    }

    private static String ascii(String host) {
        if (host.chars().allMatch(c -> c < 128)) {
            return encode(host, "");
        }
        try {
            int port = host.lastIndexOf(':');
            return port < 0 ? IDN.toASCII(host) : IDN.toASCII(host.substring(0, port)) + host.substring(port);
        } catch (IllegalArgumentException e) {
            return encode(host, "");
        }
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static String encode(String text, String alsoUnsafe) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean bare = c == '%' && !isEscape(text, i);
            if (bare || c <= ' ' || c >= 127 || UNSAFE.indexOf(c) >= 0 || alsoUnsafe.indexOf(c) >= 0) {
                percent(Character.toString(c), out);
            } else {
                out.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static boolean isEscape(String text, int i) {
        return i + 2 < text.length()
                && Character.digit(text.charAt(i + 1), 16) >= 0
                && Character.digit(text.charAt(i + 2), 16) >= 0;
    }

    private static void percent(String text, StringBuilder out) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xff));
        }
    }

    /** What a reference means on a page of this address. */
    Url resolve(Url reference) {
        if (reference.scheme != null) {
            return new Url(
                    reference.scheme, reference.authority, reference.clean(), reference.query, reference.fragment);
        }
        if (reference.authority != null) {
            return new Url(scheme, reference.authority, reference.clean(), reference.query, reference.fragment);
        }
        if (reference.path.isEmpty()) {
            String same = reference.query == null ? query : reference.query;
            return new Url(scheme, authority, path, same, reference.fragment);
        }
        String merged = reference.path.startsWith("/") ? reference.path : folder() + reference.path;
        return new Url(scheme, authority, withoutDots(merged), reference.query, reference.fragment);
    }

    private String folder() {
        return path.isEmpty() && authority != null ? "/" : path.substring(0, path.lastIndexOf('/') + 1);
    }

    private String clean() {
        return authority != null || path.startsWith("/") ? withoutDots(path) : path;
    }

    private static String withoutDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                if (kept.size() > 1) {
                    kept.removeLast();
                }
                kept.addLast(last ? "" : "..");
                if (!last) {
                    kept.removeLast();
                }
            } else if (!segments[i].equals(".")) {
                kept.addLast(segments[i]);
            } else if (last) {
                kept.addLast("");
            }
        }
        return String.join("/", kept);
    }

    @Nullable
    String host() {
        Matcher matcher = authority == null ? null : AUTHORITY.matcher(authority);
        return matcher == null
                        || !matcher.matches()
                        || String.valueOf(matcher.group(2)).isEmpty()
                ? null
                : matcher.group(2);
    }

    @Nullable
    String user() {
        return authority == null || authority.indexOf('@') < 0
                ? null
                : authority.substring(0, authority.lastIndexOf('@'));
    }

    @Nullable
    Integer port() {
        Matcher matcher = authority == null ? null : AUTHORITY.matcher(authority);
        String digits = matcher == null || !matcher.matches() ? null : matcher.group(3);
        return digits == null || digits.isEmpty() || digits.length() > 5 ? null : Integer.valueOf(digits);
    }

    @Override
    public String toString() {
        return (scheme == null ? "" : scheme + ":")
                + (authority == null ? "" : "//" + authority)
                + (path.isEmpty() && authority != null && isWeb() ? "/" : path)
                + (query == null ? "" : "?" + query)
                + (fragment == null ? "" : "#" + fragment);
    }

    private boolean isWeb() {
        return "http".equals(scheme) || "https".equals(scheme);
    }
}
