package io.millrace.expr;

import java.util.List;

/** A lexical unit of jq. For a STRING, {@code pieces} are its texts and interpolations. */
record Token(Kind kind, String text, int at, List<Piece> pieces) {
    enum Kind {
        END,
        NUMBER,
        STRING,
        WORD,
        FIELD,
        VARIABLE,
        FORMAT,
        SYMBOL
    }

    /** Plain text, or, when {@code code}, the range of an interpolated expression in the source. */
    record Piece(boolean code, String text, int from, int to) {}

    Token(Kind kind, String text, int at) {
        this(kind, text, at, List.of());
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    /** As it stood, for people. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the expression";
            case STRING -> "a string";
            case FIELD -> "`." + text + "`";
            case VARIABLE -> "`$" + text + "`";
            case FORMAT -> "`@" + text + "`";
            default -> "`" + text + "`";
        };
    }
}
