package io.millrace.expr;

import io.millrace.spi.Expressions.BadExpression;

/** What the scanner or the parser could not read: offset in the text, what was found, how to mend it. */
final class SyntaxError extends Exception {
    private static final long serialVersionUID = 1;
    private final int at;
    private final String mend;

    SyntaxError(int at, String what, String mend) {
        super(what, null, false, false);
        this.at = at;
        this.mend = mend;
    }

    /** Told with its place in the text: the character, and the line where there are several. */
    BadExpression in(String text) {
        return new BadExpression(getMessage() + " at " + place(text, at), mend);
    }

    static String place(String text, int at) {
        if (text.indexOf('\n') < 0) {
            return "character " + (at + 1);
        }
        String before = text.substring(0, Math.min(at, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return "line " + line + ", column " + (before.length() - before.lastIndexOf('\n'));
    }
}
