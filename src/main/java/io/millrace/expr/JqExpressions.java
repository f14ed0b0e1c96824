package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Expressions;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * jq 1.7 and templates, by jackson-jq. Compiled filters are kept by their text, so the same text is compiled once. Safe for use by
 * several threads.
 */
public final class JqExpressions implements Expressions {
    /** Outputs of one evaluation; more are a LIMIT failure. */
    public static final int MAX_OUTPUTS = 1_000_000;

    private static final int MAX_CACHED = 10_000;
    private static final Pattern LIKE_JQ = Pattern.compile(
            "\\s*(\\.[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_]|\\[|\\s*\\||\\s*//|\\s*$)|\\.\\[|\\$[A-Za-z_][A-Za-z0-9_]*(\\.|\\[|\\s*\\||\\s*//|\\s*$)).*",
            Pattern.DOTALL);

    private final Library library;
    private final Map<String, Jq> compiled = new ConcurrentHashMap<>();

    public JqExpressions() {
        this(List.of());
    }

    /** @param extras functions besides those of jq; one of the same name and arity takes the place of jq's */
    public JqExpressions(List<Extra> extras) {
        this.library = new Library(extras);
    }

    @Override
    public Jq jq(String text) throws BadExpression {
        Jq known = compiled.get(text);
        if (known != null) {
            return known;
        }
        Jq jq = compile(text, unwrapped(text));
        if (compiled.size() < MAX_CACHED) {
            compiled.put(text, jq);
        }
        return jq;
    }

    @Override
    public Template template(JsonNode value) throws BadExpression {
        return new TemplateReader(this).read(value);
    }

    /** A text wrapped in one <code>${ }</code> means the same as bare. */
    private static String unwrapped(String text) {
        String bare = text.strip();
        boolean wrapped = bare.startsWith("${") && Scanner.closing(bare, 1, bare.length()) == bare.length() - 1;
        return wrapped ? bare.substring(2, bare.length() - 1) : text;
    }

    private Jq compile(String source, String text) throws BadExpression {
        try {
            Ast ast = Parser.parse(text);
            Compiler compiler = new Compiler(library);
            var expression = compiler.compile(ast, Names.NONE);
            boolean reads = compiler.changing() || Reads.input(ast);
            Shape shape = new Shape(source, text, compiler.variables(), reads);
            Jq quick = QuickJq.of(ast, shape);
            return quick == null ? new FilterJq(shape, expression, library.root(), compiler.needsContext()) : quick;
        } catch (SyntaxError e) {
            throw e.in(text);
        } catch (StackOverflowError e) {
            throw new BadExpression("the expression is nested too deeply", "Cut it into several steps.");
        }
    }

    /**
     * Whether a value that should be a template was probably meant as jq: it starts like {@code .name} or {@code $var} and holds no
     * <code>${</code>. File names such as {@code .env} look like it too: a hint, no proof.
     */
    public static boolean looksLikeJq(String text) {
        return !text.contains("${") && LIKE_JQ.matcher(text).matches();
    }
}
