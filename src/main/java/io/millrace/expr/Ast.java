package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of a jq filter. {@code at} is the offset, in the text as written, where the node begins. */
sealed interface Ast {
    int at();

    record Identity(int at) implements Ast {}

    record RecurseAll(int at) implements Ast {}

    record Literal(int at, JsonNode value) implements Ast {}

    /** A string with interpolations: parts are text literals and expressions in turn. */
    record Text(int at, @Nullable String format, List<Part> parts) implements Ast {}

    /** One part of a string: plain text, or an expression. */
    record Part(@Nullable String text, @Nullable Ast expression) {}

    record Format(int at, String name) implements Ast {}

    record Index(int at, Ast target, Ast key) implements Ast {}

    record Slice(
            int at,
            Ast target,
            @Nullable Ast from,
            @Nullable Ast to) implements Ast {}

    record Iterate(int at, Ast target) implements Ast {}

    record Variable(int at, String name) implements Ast {}

    record Call(int at, String name, List<Ast> args) implements Ast {}

    record Pipe(int at, Ast left, Ast right) implements Ast {}

    record Comma(int at, Ast left, Ast right) implements Ast {}

    record Binary(int at, String op, Ast left, Ast right) implements Ast {}

    record Negate(int at, Ast operand) implements Ast {}

    record ArrayOf(int at, @Nullable Ast body) implements Ast {}

    record ObjectOf(int at, List<Entry> entries) implements Ast {}

    record Entry(Ast key, Ast value) {}

    record If(int at, Ast condition, Ast then, @Nullable Ast otherwise) implements Ast {}

    record Try(int at, Ast body, @Nullable Ast handler) implements Ast {}

    record Reduce(int at, Ast source, Pattern pattern, Ast init, Ast update) implements Ast {}

    record Foreach(
            int at,
            Ast source,
            Pattern pattern,
            Ast init,
            Ast update,
            @Nullable Ast extract) implements Ast {}

    record Bind(int at, Ast source, Pattern pattern, Ast body) implements Ast {}

    record Label(int at, String name, Ast body) implements Ast {}

    record Break(int at, String name) implements Ast {}

    /** {@code def name(params): body; rest}. A parameter that takes a value begins with {@code $}. */
    record Def(int at, String name, List<String> params, Ast body, Ast rest) implements Ast {}

    /** What {@code as} binds. */
    sealed interface Pattern {
        record Name(String name) implements Pattern {}

        record Items(List<Pattern> items) implements Pattern {}

        record Fields(List<FieldPattern> fields) implements Pattern {}
    }

    /** {@code {key: pattern}}; {@code {$name}} binds and has the name as its key. */
    record FieldPattern(
            @Nullable String name, Ast key, @Nullable Pattern pattern) {}
}
