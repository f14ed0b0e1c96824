package io.millrace.expr;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.expr.Ast.Entry;
import io.millrace.expr.Ast.FieldPattern;
import io.millrace.expr.Ast.Part;
import io.millrace.expr.Ast.Pattern;
import io.millrace.expr.Token.Kind;
import io.millrace.expr.Token.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operands of jq's grammar: values, calls, control structures, constructions, patterns. */
abstract class Terms extends Cursor {
    private static final Set<String> KEYWORDS = Set.of(
            "and", "or", "if", "then", "elif", "else", "end", "as", "def", "reduce", "foreach", "try", "catch", "label",
            "import", "include", "__loc__");

    private final String text;

    Terms(String text, List<Token> tokens) {
        super(tokens);
        this.text = text;
    }

    /** A whole expression; a comma ends it where {@code commas} is false. */
    abstract Ast pipe(boolean commas) throws SyntaxError;

    /** A term and what follows it: {@code .a}, {@code [0]}, {@code ?}. */
    abstract Ast postfix() throws SyntaxError;

    /** The expression in a part of the text, inside a string. */
    abstract Ast inside(int from, int to) throws SyntaxError;

    final Ast term() throws SyntaxError {
        Token token = peek();
        return switch (token.kind()) {
            case NUMBER -> new Ast.Literal(token.at(), Numbers.parse(take().text()));
            case STRING -> string(null);
            case FORMAT -> format();
            case FIELD -> new Ast.Index(token.at(), new Ast.Identity(token.at()), literal(token.at(), take().text()));
            case VARIABLE -> variableTerm();
            case WORD -> word();
            case SYMBOL -> symbol();
            case END -> throw unexpected("a value");
        };
    }

    private Ast variableTerm() {
        Token token = take();
        return switch (token.text()) {
            case "__loc__" -> location(token.at());
            case "ENV" -> new Ast.Variable(token.at(), "env");
            default -> new Ast.Variable(token.at(), token.text());
        };
    }

    private Ast location(int at) {
        long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        return new Ast.Literal(
                at,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("file", "<expression>")
                        .put("line", line));
    }

    private Ast format() throws SyntaxError {
        Token token = take();
        return peek().kind() == Kind.STRING ? string(token.text()) : new Ast.Format(token.at(), token.text());
    }

    private Ast symbol() throws SyntaxError {
        Token token = take();
        int at = token.at();
        switch (token.text()) {
            case ".":
                if (peek().kind() == Kind.STRING) {
                    return new Ast.Index(at, new Ast.Identity(at), string(null));
                }
                return new Ast.Identity(at);
            case "..":
                return new Ast.RecurseAll(at);
            case "(":
                Ast inner = pipe(true);
                expect(")");
                return inner;
            case "[":
                Ast body = peek().is("]") ? null : pipe(true);
                expect("]");
                return new Ast.ArrayOf(at, body);
            case "{":
                return object(at);
            default:
                throw unexpected(token, "a value");
        }
    }

    private Ast word() throws SyntaxError {
        Token token = take();
        int at = token.at();
        return switch (token.text()) {
            case "if" -> conditional(at);
            case "try" -> new Ast.Try(at, handled(), acceptWord("catch") ? handled() : null);
            case "reduce" -> reduce(at);
            case "foreach" -> foreach(at);
            case "break" -> new Ast.Break(at, variable());
            case "true", "false" ->
                new Ast.Literal(
                        at, JsonNodeFactory.instance.booleanNode(token.text().equals("true")));
            case "null" -> new Ast.Literal(at, JsonNodeFactory.instance.nullNode());
            case "import", "include" ->
                throw new SyntaxError(
                        at,
                        "modules are not supported: found `" + token.text() + "`",
                        "Define functions with `def` instead.");
            case "def", "label" ->
                throw new SyntaxError(
                        at, "found `" + token.text() + "` inside an expression", "Put parentheses around it.");
            default -> call(token);
        };
    }

    /** What {@code try} and {@code catch} take: one term, and a minus before it. */
    private Ast handled() throws SyntaxError {
        int at = peek().at();
        return accept("-") ? new Ast.Negate(at, postfix()) : postfix();
    }

    private Ast call(Token name) throws SyntaxError {
        if (KEYWORDS.contains(name.text())) {
            throw unexpected(name, "a value");
        }
        if (peek().is("::")) {
            throw new SyntaxError(
                    peek().at(), "modules are not supported: found `::`", "Define functions with `def` instead.");
        }
        List<Ast> args = new ArrayList<>();
        if (accept("(")) {
            do {
                args.add(pipe(true));
            } while (accept(";"));
            if (peek().is(",")) {
                throw unexpected("`;`");
            }
            expect(")");
        }
        return name.text().equals("env") && args.isEmpty()
                ? new Ast.Variable(name.at(), "env")
                : new Ast.Call(name.at(), name.text(), List.copyOf(args));
    }

    private Ast conditional(int at) throws SyntaxError {
        Ast condition = pipe(true);
        expectWord("then");
        Ast then = pipe(true);
        int elseAt = peek().at();
        if (acceptWord("elif")) {
            return new Ast.If(at, condition, then, conditional(elseAt));
        }
        Ast otherwise = acceptWord("else") ? pipe(true) : null;
        expectWord("end");
        return new Ast.If(at, condition, then, otherwise);
    }

    private Ast reduce(int at) throws SyntaxError {
        Ast source = postfix();
        expectWord("as");
        Pattern pattern = pattern();
        expect("(");
        Ast init = pipe(true);
        expect(";");
        Ast update = pipe(true);
        expect(")");
        return new Ast.Reduce(at, source, pattern, init, update);
    }

    private Ast foreach(int at) throws SyntaxError {
        Ast source = postfix();
        expectWord("as");
        Pattern pattern = pattern();
        expect("(");
        Ast init = pipe(true);
        expect(";");
        Ast update = pipe(true);
        Ast extract = accept(";") ? pipe(true) : null;
        expect(")");
        return new Ast.Foreach(at, source, pattern, init, update, extract);
    }

    private Ast object(int at) throws SyntaxError {
        List<Entry> entries = new ArrayList<>();
        while (!peek().is("}")) {
            entries.add(entry());
            if (!accept(",")) {
                break;
            }
        }
        expect("}");
        return new Ast.ObjectOf(at, List.copyOf(entries));
    }

    private Entry entry() throws SyntaxError {
        Token token = peek();
        int at = token.at();
        if (token.kind() == Kind.VARIABLE) {
            Ast value = variableTerm();
            return new Entry(literal(at, token.text()), value);
        }
        boolean computed = token.is("(");
        Ast key = key();
        if (accept(":")) {
            return new Entry(key, pipe(false));
        }
        if (computed) {
            throw unexpected("`:` and a value");
        }
        return new Entry(key, new Ast.Index(at, new Ast.Identity(at), key));
    }

    private Ast key() throws SyntaxError {
        Token token = peek();
        switch (token.kind()) {
            case WORD, NUMBER:
                return literal(token.at(), take().text());
            case STRING:
                return string(null);
            case FORMAT:
                return format();
            default:
                if (accept("(")) {
                    Ast key = pipe(true);
                    expect(")");
                    return key;
                }
                throw unexpected("a key");
        }
    }

    final Pattern pattern() throws SyntaxError {
        if (peek().kind() == Kind.VARIABLE) {
            return new Pattern.Name(take().text());
        }
        if (accept("[")) {
            List<Pattern> items = new ArrayList<>();
            do {
                items.add(pattern());
            } while (accept(","));
            expect("]");
            return new Pattern.Items(List.copyOf(items));
        }
        if (accept("{")) {
            List<FieldPattern> fields = new ArrayList<>();
            do {
                fields.add(fieldPattern());
            } while (accept(","));
            expect("}");
            return new Pattern.Fields(List.copyOf(fields));
        }
        throw unexpected("`$name`, `[…]` or `{…}`");
    }

    private FieldPattern fieldPattern() throws SyntaxError {
        Token token = peek();
        if (token.kind() == Kind.VARIABLE) {
            take();
            return new FieldPattern(token.text(), literal(token.at(), token.text()), accept(":") ? pattern() : null);
        }
        Ast key = key();
        expect(":");
        return new FieldPattern(null, key, pattern());
    }

    final Ast string(@Nullable String format) throws SyntaxError {
        Token token = take();
        List<Part> parts = new ArrayList<>();
        for (Piece piece : token.pieces()) {
            if (piece.code()) {
                parts.add(new Part(null, inside(piece.from(), piece.to())));
            } else if (!piece.text().isEmpty()) {
                parts.add(new Part(piece.text(), null));
            }
        }
        if (parts.stream().allMatch(part -> part.expression() == null)) {
            return literal(
                    token.at(),
                    parts.isEmpty() ? "" : String.valueOf(parts.get(0).text()));
        }
        return new Ast.Text(token.at(), format, List.copyOf(parts));
    }

    static Ast literal(int at, String value) {
        return new Ast.Literal(at, TextNode.valueOf(value));
    }
}
