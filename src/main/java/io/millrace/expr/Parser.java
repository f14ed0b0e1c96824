package io.millrace.expr;

import io.millrace.expr.Ast.Pattern;
import io.millrace.expr.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads jq 1.7, by recursive descent. Precedence from loose to tight: {@code |}, {@code ,}, {@code //}, assignments, {@code or},
 * {@code and}, comparisons, {@code + -}, {@code * / %}. {@code ?//} and modules are refused.
 */
final class Parser extends Terms {
    private static final Set<String> ASSIGNMENTS = Set.of("=", "|=", "+=", "-=", "*=", "/=", "%=", "//=");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "%");
    private static final int MAX_DEPTH = 400;

    private final String text;
    private int depth;

    private Parser(String text, int from, int to, int depth) throws SyntaxError {
        super(text, new Scanner(text, from, to).tokens());
        this.text = text;
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

    @Override
    Ast pipe(boolean commas) throws SyntaxError {
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

    @Override
    Ast postfix() throws SyntaxError {
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

    @Override
    Ast inside(int from, int to) throws SyntaxError {
        return parse(text, from, to, depth + 1);
    }
}
