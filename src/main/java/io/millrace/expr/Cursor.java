package io.millrace.expr;

import io.millrace.expr.Token.Kind;
import java.util.List;
import java.util.Set;

/** A place in a list of tokens, and the words for what was not expected there. */
abstract class Cursor {
    private final List<Token> tokens;
    private int next;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    final String variable() throws SyntaxError {
        Token token = take();
        if (token.kind() != Kind.VARIABLE) {
            throw unexpected(token, "`$name`");
        }
        return token.text();
    }

    final Token peek() {
        return tokens.get(next);
    }

    final Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    final Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    final boolean isSymbolOf(Set<String> symbols) {
        return peek().kind() == Kind.SYMBOL && symbols.contains(peek().text());
    }

    final boolean accept(String symbol) {
        return peek().is(symbol) && take() != null;
    }

    final boolean acceptWord(String word) {
        return peek().isWord(word) && take() != null;
    }

    final void expect(String symbol) throws SyntaxError {
        if (!accept(symbol)) {
            throw unexpected("`" + symbol + "`");
        }
    }

    final void expectWord(String word) throws SyntaxError {
        if (!acceptWord(word)) {
            throw unexpected("`" + word + "`");
        }
    }

    final SyntaxError unexpected(String wanted) {
        return unexpected(peek(), wanted);
    }

    static SyntaxError unexpected(Token found, String wanted) {
        return new SyntaxError(
                found.at(),
                "found " + found.shown() + " where " + wanted + " was expected",
                "Write " + wanted + " there.");
    }
}
