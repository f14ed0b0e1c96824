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

/**
 * Reads jq 1.7, by recursive descent. Precedence from loose to tight: {@code |}, {@code ,}, {@code //}, assignments, {@code or},
 * {@code and}, comparisons, {@code + -}, {@code * / %}. {@code ?//} and modules are refused.
 */
final class Parser {
    private static final Set<String> KEYWORDS = Set.of(
            "and", "or", "if", "then", "elif", "else", "end", "as", "def", "reduce", "foreach", "try", "catch", "label",
            "import", "include", "__loc__");
    private static final Set<String> ASSIGNMENTS = Set.of("=", "|=", "+=", "-=", "*=", "/=", "%=", "//=");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "%");
    private static final int MAX_DEPTH = 200;

    private final String text;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private Parser(String text, int from, int to, int depth) throws SyntaxError {
        this.text = text;
        this.tokens = new Scanner(text, from, to).tokens();
        this.depth = depth;
    }

    static Ast parse(String text) throws SyntaxError {
        return parse(text, 0, text.length(), 0);
    }

    private static Ast parse(String text, int from, int to, int depth) throws SyntaxError {
        Parser parser = new Parser(text, from, to, depth);
        if (parser.peek().kind() == Kind.END) {
            throw new SyntaxError(from, "the expression is empty", "Write a jq filter, such as `.value`.");
        }
        Ast ast = parser.pipe(true);
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return ast;
    }

    private Ast pipe(boolean commas) throws SyntaxError {
        if (++depth > MAX_DEPTH) {
            throw new SyntaxError(peek().at(), "the expression is nested too deeply", "Cut it into several steps.");
        }
        try {
            return pipeInside(commas);
        } finally {
            depth--;
        }
    }

    private Ast pipeInside(boolean commas) throws SyntaxError {
        int at = peek().at();
        if (acceptWord("def")) {
            return definition(at, commas);
        }
        if (acceptWord("label")) {
            String name = variable();
            expect("|");
            return new Ast.Label(at, name, pipe(commas));
        }
        Ast left = commas ? comma() : alternative();
        return accept("|") ? new Ast.Pipe(at, left, pipe(commas)) : left;
    }

    private Ast definition(int at, boolean commas) throws SyntaxError {
        Token name = take();
        if (name.kind() != Kind.WORD) {
            throw unexpected(name, "a name for the function");
        }
        List<String> params = new ArrayList<>();
        if (accept("(")) {
            do {
                Token param = take();
                if (param.kind() != Kind.WORD && param.kind() != Kind.VARIABLE) {
                    throw unexpected(param, "a parameter");
                }
                params.add(param.kind() == Kind.VARIABLE ? "$" + param.text() : param.text());
            } while (accept(";"));
            expect(")");
        }
        expect(":");
        Ast body = pipe(true);
        expect(";");
        return new Ast.Def(at, name.text(), List.copyOf(params), body, pipe(commas));
    }

    private Ast comma() throws SyntaxError {
        Ast left = alternative();
        while (accept(",")) {
            left = new Ast.Comma(left.at(), left, alternative());
        }
        return left;
    }

    private Ast alternative() throws SyntaxError {
        Ast left = assignment();
        return accept("//") ? new Ast.Binary(left.at(), "//", left, alternative()) : left;
    }

    private Ast assignment() throws SyntaxError {
        Ast left = or();
        if (!isSymbolOf(ASSIGNMENTS)) {
            return left;
        }
        String op = take().text();
        return new Ast.Binary(left.at(), op, left, alternative());
    }

    private Ast or() throws SyntaxError {
        Ast left = and();
        while (acceptWord("or")) {
            left = new Ast.Binary(left.at(), "or", left, and());
        }
        return left;
    }

    private Ast and() throws SyntaxError {
        Ast left = comparison();
        while (acceptWord("and")) {
            left = new Ast.Binary(left.at(), "and", left, comparison());
        }
        return left;
    }

    private Ast comparison() throws SyntaxError {
        Ast left = sum();
        return isSymbolOf(COMPARISONS) ? new Ast.Binary(left.at(), take().text(), left, sum()) : left;
    }

    private Ast sum() throws SyntaxError {
        Ast left = product();
        while (isSymbolOf(SUMS)) {
            left = new Ast.Binary(left.at(), take().text(), left, product());
        }
        return left;
    }

    private Ast product() throws SyntaxError {
        Ast left = unary();
        while (isSymbolOf(PRODUCTS)) {
            left = new Ast.Binary(left.at(), take().text(), left, unary());
        }
        return left;
    }

    private Ast unary() throws SyntaxError {
        int at = peek().at();
        if (accept("-")) {
            return new Ast.Negate(at, unary());
        }
        Ast term = postfix();
        if (!acceptWord("as")) {
            return term;
        }
        Pattern pattern = pattern();
        if (peek().is("?//")) {
            throw new SyntaxError(peek().at(), "`?//` is not supported,", "Use `if` on the type instead.");
        }
        expect("|");
        return new Ast.Bind(at, term, pattern, pipe(true));
    }

    private Ast postfix() throws SyntaxError {
        Ast term = term();
        while (true) {
            int at = peek().at();
            if (peek().kind() == Kind.FIELD) {
                term = new Ast.Index(at, term, literal(at, take().text()));
            } else if (peek().is(".") && peek(1).kind() == Kind.STRING) {
                take();
                term = new Ast.Index(at, term, string(null));
            } else if (peek().is(".") && peek(1).is("[")) {
                take();
            } else if (accept("[")) {
                term = bracket(at, term);
            } else if (accept("?")) {
                term = new Ast.Try(at, term, null);
            } else {
                return term;
            }
        }
    }

    private Ast bracket(int at, Ast target) throws SyntaxError {
        if (accept("]")) {
            return new Ast.Iterate(at, target);
        }
        if (accept(":")) {
            Ast to = pipe(true);
            expect("]");
            return new Ast.Slice(at, target, null, to);
        }
        Ast key = pipe(true);
        if (accept(":")) {
            Ast to = peek().is("]") ? null : pipe(true);
            expect("]");
            return new Ast.Slice(at, target, key, to);
        }
        expect("]");
        return new Ast.Index(at, target, key);
    }

    private Ast term() throws SyntaxError {
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

    private Pattern pattern() throws SyntaxError {
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

    private Ast string(@Nullable String format) throws SyntaxError {
        Token token = take();
        List<Part> parts = new ArrayList<>();
        for (Piece piece : token.pieces()) {
            if (piece.code()) {
                parts.add(new Part(null, parse(text, piece.from(), piece.to(), depth + 1)));
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

    private static Ast literal(int at, String value) {
        return new Ast.Literal(at, TextNode.valueOf(value));
    }

    private String variable() throws SyntaxError {
        Token token = take();
        if (token.kind() != Kind.VARIABLE) {
            throw unexpected(token, "`$name`");
        }
        return token.text();
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    private Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    private boolean isSymbolOf(Set<String> symbols) {
        return peek().kind() == Kind.SYMBOL && symbols.contains(peek().text());
    }

    private boolean accept(String symbol) {
        return peek().is(symbol) && take() != null;
    }

    private boolean acceptWord(String word) {
        return peek().isWord(word) && take() != null;
    }

    private void expect(String symbol) throws SyntaxError {
        if (!accept(symbol)) {
            throw unexpected("`" + symbol + "`");
        }
    }

    private void expectWord(String word) throws SyntaxError {
        if (!acceptWord(word)) {
            throw unexpected("`" + word + "`");
        }
    }

    private SyntaxError unexpected(String wanted) {
        return unexpected(peek(), wanted);
    }

    private static SyntaxError unexpected(Token found, String wanted) {
        return new SyntaxError(
                found.at(),
                "found " + found.shown() + " where " + wanted + " was expected",
                "Write " + wanted + " there.");
    }
}
