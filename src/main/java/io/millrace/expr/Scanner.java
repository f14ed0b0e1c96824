package io.millrace.expr;

import io.millrace.expr.Token.Kind;
import io.millrace.expr.Token.Piece;
import java.util.ArrayList;
import java.util.List;

/** Cuts a range of jq text into tokens. A string in single quotes is a string as one in double quotes is. */
final class Scanner {
    private static final List<String> SYMBOLS = List.of(
            "?//=", "?//", "//=", "//", "..", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "::", ".",
            "[", "]", "(", ")", "{", "}", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?");

    private final String text;
    private final int end;
    private int pos;

    Scanner(String text, int from, int to) {
        this.text = text;
        this.pos = from;
        this.end = to;
    }

    List<Token> tokens() throws SyntaxError {
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = next();
            tokens.add(token);
        } while (token.kind() != Kind.END);
        return tokens;
    }

    private Token next() throws SyntaxError {
        skipBlanks();
        int at = pos;
        if (at >= end) {
            return new Token(Kind.END, "", at);
        }
        char c = text.charAt(at);
        if (c == '"' || c == '\'') {
            return string();
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return number();
        }
        if (isLetter(c)) {
            return new Token(Kind.WORD, word(), at);
        }
        if ((c == '.' || c == '$' || c == '@') && isLetter(peek(1))) {
            pos++;
            Kind kind = c == '.' ? Kind.FIELD : c == '$' ? Kind.VARIABLE : Kind.FORMAT;
            return new Token(kind, word(), at);
        }
        return symbol();
    }

    private void skipBlanks() {
        while (pos < end) {
            char c = text.charAt(pos);
            if (c == '#') {
                pos = endOfComment(text, pos, end);
            } else if (Character.isWhitespace(c)) {
                pos++;
            } else {
                return;
            }
        }
    }

    private Token symbol() throws SyntaxError {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, pos) && pos + symbol.length() <= end) {
                int at = pos;
                pos += symbol.length();
                return new Token(Kind.SYMBOL, symbol, at);
            }
        }
        throw new SyntaxError(
                pos, "found `" + Character.toString(text.codePointAt(pos)) + "`, which is not jq,", mend());
    }

    private String mend() {
        return text.startsWith("${", pos)
                ? "This field is jq as it is: write `.a == 1`, not `${.a} == 1`."
                : "Remove it.";
    }

    private String word() {
        int from = pos;
        while (pos < end && (isLetter(text.charAt(pos)) || isDigit(text.charAt(pos)))) {
            pos++;
        }
        return text.substring(from, pos);
    }

    private Token number() throws SyntaxError {
        int from = pos;
        digits();
        if (pos < end && text.charAt(pos) == '.') {
            pos++;
            digits();
        }
        if (pos < end && (text.charAt(pos) == 'e' || text.charAt(pos) == 'E')) {
            pos++;
            if (pos < end && (text.charAt(pos) == '+' || text.charAt(pos) == '-')) {
                pos++;
            }
            if (pos >= end || !isDigit(text.charAt(pos))) {
                throw new SyntaxError(from, "found a number without digits in its exponent", "Write 1e3 or 1000.");
            }
            digits();
        }
        return new Token(Kind.NUMBER, text.substring(from, pos), from);
    }

    private void digits() {
        while (pos < end && isDigit(text.charAt(pos))) {
            pos++;
        }
    }

    private Token string() throws SyntaxError {
        int at = pos;
        char quote = text.charAt(pos++);
        List<Piece> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        while (pos < end && text.charAt(pos) != quote) {
            char c = text.charAt(pos++);
            if (c != '\\') {
                plain.append(c);
            } else if (pos < end && text.charAt(pos) == '(') {
                pieces.add(new Piece(false, plain.toString(), 0, 0));
                plain.setLength(0);
                pieces.add(interpolation());
            } else {
                escape(plain);
            }
        }
        if (pos >= end) {
            throw new SyntaxError(at, "found a string that has no closing " + quote, "Close it with " + quote + ".");
        }
        pos++;
        pieces.add(new Piece(false, plain.toString(), 0, 0));
        return new Token(Kind.STRING, "", at, List.copyOf(pieces));
    }

    private Piece interpolation() throws SyntaxError {
        int open = pos;
        int close = closing(text, open, end);
        if (close < 0) {
            throw new SyntaxError(open - 1, "found `\\(` that has no matching `)`", "Close it with `)`.");
        }
        pos = close + 1;
        return new Piece(true, "", open + 1, close);
    }

    private void escape(StringBuilder plain) throws SyntaxError {
        char c = pos < end ? text.charAt(pos++) : 0;
        switch (c) {
            case 'n' -> plain.append('\n');
            case 't' -> plain.append('\t');
            case 'r' -> plain.append('\r');
            case 'b' -> plain.append('\b');
            case 'f' -> plain.append('\f');
            case '"', '\'', '\\', '/' -> plain.append(c);
            case 'u' -> plain.append(unicode());
            default ->
                throw new SyntaxError(
                        Math.max(0, pos - 2),
                        "found `\\" + (c == 0 ? "" : c) + "`, which is no escape,",
                        "For a backslash write `\\\\`.");
        }
    }

    private char unicode() throws SyntaxError {
        try {
            char c = (char) Integer.parseInt(text.substring(pos, Math.min(pos + 4, end)), 16);
            pos += 4;
            return c;
        } catch (NumberFormatException e) {
            throw new SyntaxError(pos - 2, "found `\\u` without four hexadecimal digits", "Write it as in `\\u00e9`.");
        }
    }

    private char peek(int ahead) {
        return pos + ahead < end ? text.charAt(pos + ahead) : 0;
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Where the bracket that opens at {@code open} closes; brackets in strings and comments do not count. −1 when it does not.
     */
    static int closing(String text, int open, int end) {
        int depth = 0;
        int i = open;
        while (i < end) {
            char c = text.charAt(i);
            switch (c) {
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth--;
                case '#' -> i = endOfComment(text, i, end) - 1;
                case '"', '\'' -> i = endOfString(text, i, end);
                default -> {}
            }
            if (depth == 0) {
                return i;
            }
            i++;
        }
        return -1;
    }

    private static int endOfComment(String text, int from, int end) {
        int newline = text.indexOf('\n', from);
        return newline < 0 || newline > end ? end : newline;
    }

    /** Index of the closing quote; {@code end} when there is none. */
    private static int endOfString(String text, int from, int end) {
        char quote = text.charAt(from);
        int i = from + 1;
        while (i < end && text.charAt(i) != quote) {
            if (text.charAt(i) == '\\' && i + 1 < end && text.charAt(i + 1) == '(') {
                int close = closing(text, i + 1, end);
                i = close < 0 ? end : close;
            } else if (text.charAt(i) == '\\') {
                i++;
            }
            i++;
        }
        return Math.min(i, end);
    }
}
