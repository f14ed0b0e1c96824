package io.millrace.connect.http;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/** Finds out in which charset a text is written: by its content type, its byte order mark, what it says itself, or its bytes. */
final class Charsets {
    private static final Pattern PARAMETER =
            Pattern.compile("charset\\s*=\\s*[\"']?([^\\s\"';>]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern XML = Pattern.compile("^\\s*<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([^\"']+)");
    private static final Pattern META =
            Pattern.compile("<meta[^>]*charset\\s*=\\s*[\"']?\\s*([^\\s\"';/>]+)", Pattern.CASE_INSENSITIVE);

    private static final byte[] WORD = "charset".getBytes(StandardCharsets.US_ASCII);

    /** As far as browsers look for a declaration. */
    private static final int HEAD = 1024;

    private static final Charset FALLBACK = Charset.forName("windows-1252");

    private Charsets() {}

    /** The charset of a content type; UTF-8 if it names none that is known. */
    static Charset named(String contentType) {
        Charset named = parameter(contentType);
        return named == null ? StandardCharsets.UTF_8 : named;
    }

    private static @Nullable Charset parameter(String contentType) {
        return contentType.indexOf(';') < 0 ? null : find(PARAMETER, contentType);
    }

    static String decode(byte[] text, String contentType) {
        int mark = markLength(text);
        if (mark > 0) {
            return new String(text, mark, text.length - mark, marked(text));
        }
        Charset named = parameter(contentType);
        if (named == null) {
            named = declared(text);
        }
        return named == null ? guessed(text) : new String(text, named);
    }

    private static @Nullable Charset declared(byte[] text) {
        int end = Math.min(text.length, HEAD);
        boolean xml = starts(text, '<', '?', 'x', 'm', 'l');
        if (!xml && !mentionsCharset(text, end)) {
            return null;
        }
        String head = new String(text, 0, end, StandardCharsets.ISO_8859_1);
        Charset found = xml ? find(XML, head) : null;
        return found == null ? find(META, head) : found;
    }

    /** Cheap: most pages come with a content type that says all, or without any word of it; the pattern costs much more. */
    private static boolean mentionsCharset(byte[] text, int end) {
        for (int i = 0; i <= end - WORD.length; i++) {
            if ((text[i] | 0x20) == WORD[0] && isWordAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWordAt(byte[] text, int at) {
        for (int i = 1; i < WORD.length; i++) {
            if ((text[at + i] | 0x20) != WORD[i]) {
                return false;
            }
        }
        return true;
    }

    private static String guessed(byte[] text) {
        String utf8 = new String(text, StandardCharsets.UTF_8);
        if (utf8.indexOf('\uFFFD') < 0) {
            return utf8;
        }
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(text, 0, text.length);
        detector.dataEnd();
        String found = detector.getDetectedCharset();
        Charset charset = found == null ? null : charsetOrNull(found);
        return new String(text, charset == null ? FALLBACK : charset);
    }

    private static int markLength(byte[] text) {
        if (starts(text, 0xEF, 0xBB, 0xBF)) {
            return 3;
        }
        return starts(text, 0xFE, 0xFF) || starts(text, 0xFF, 0xFE) ? 2 : 0;
    }

    private static Charset marked(byte[] text) {
        if (starts(text, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        return starts(text, 0xFF, 0xFE) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }

    private static boolean starts(byte[] text, int... with) {
        if (text.length < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if ((text[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Charset find(Pattern pattern, String in) {
        Matcher found = pattern.matcher(in);
        return found.find() ? charsetOrNull(found.group(1)) : null;
    }

    private static @Nullable Charset charsetOrNull(String name) {
        try {
            // Browsers read Latin 1 as its superset.
            return name.equalsIgnoreCase("iso-8859-1") || name.equalsIgnoreCase("latin1")
                    ? FALLBACK
                    : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return null;
        }
    }
}
