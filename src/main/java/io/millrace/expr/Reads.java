package io.millrace.expr;

import java.util.Set;

/** Whether an expression looks at its input; when unsure, it does. */
final class Reads {
    /** Functions that look at their input through their arguments only. */
    private static final Set<String> BLIND = Set.of(
            "empty/0",
            "error/1",
            "file/1",
            "infinite/0",
            "nan/0",
            "range/1",
            "range/2",
            "range/3",
            "first/1",
            "last/1",
            "limit/2",
            "skip/2",
            "nth/2",
            "isempty/1",
            "add/1",
            "builtins/0",
            "have_literal_numbers/0",
            "have_decnum/0");

    private Reads() {}

    static boolean input(Ast ast) {
        if (ast instanceof Ast.Literal || ast instanceof Ast.Variable || ast instanceof Ast.Break) {
            return false;
        } else if (ast instanceof Ast.Pipe pipe) {
            return input(pipe.left());
        } else if (ast instanceof Ast.Index index) {
            return input(index.target()) || input(index.key());
        } else if (ast instanceof Ast.Slice slice) {
            return input(slice.target())
                    || (slice.from() != null && input(slice.from()))
                    || (slice.to() != null && input(slice.to()));
        } else if (ast instanceof Ast.Iterate iterate) {
            return input(iterate.target());
        } else if (ast instanceof Ast.Text text) {
            return text.parts().stream().anyMatch(part -> part.expression() != null && input(part.expression()));
        } else if (ast instanceof Ast.Binary binary) {
            return input(binary.left()) || input(binary.right());
        } else if (ast instanceof Ast.Comma comma) {
            return input(comma.left()) || input(comma.right());
        } else if (ast instanceof Ast.Negate negate) {
            return input(negate.operand());
        } else if (ast instanceof Ast.ArrayOf array) {
            return array.body() != null && input(array.body());
        } else if (ast instanceof Ast.ObjectOf object) {
            return object.entries().stream().anyMatch(entry -> input(entry.key()) || input(entry.value()));
        } else if (ast instanceof Ast.Call call) {
            return !BLIND.contains(call.name() + "/" + call.args().size())
                    || call.args().stream().anyMatch(Reads::input);
        }
        return structure(ast);
    }

    private static boolean structure(Ast ast) {
        if (ast instanceof Ast.If condition) {
            return input(condition.condition())
                    || input(condition.then())
                    || condition.otherwise() == null
                    || input(condition.otherwise());
        } else if (ast instanceof Ast.Try attempt) {
            return input(attempt.body());
        } else if (ast instanceof Ast.Bind bind) {
            return input(bind.source()) || input(bind.body());
        } else if (ast instanceof Ast.Label label) {
            return input(label.body());
        }
        return true;
    }
}
