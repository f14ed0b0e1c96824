package io.millrace.connect.exec;

import io.millrace.spi.Failure;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which exit codes are success; empty: any. */
record Exits(Optional<Set<Integer>> codes) {
    static final int MAX = 255;

    /** {@code "any"}, {@code 0}, or a list of codes. */
    static final Type<Exits> TYPE = Types.<Exits>either(
                    Types.oneOf("exit code", "any").map(any -> new Exits(Optional.empty())))
            .or(Types.oneOrMore(Types.integer(0, MAX)).map(Exits::of));

    /** How much of standard error stands in a message. */
    private static final int SHOWN = 300;

    /** Exit codes above this say which signal ended the program. */
    private static final int SIGNALS = 128;

    private static Exits of(List<Integer> codes) {
        return new Exits(Optional.of(Set.copyOf(codes)));
    }

    boolean accepts(int exit) {
        return codes.map(some -> some.contains(exit)).orElse(true);
    }

    /** What an exit code that is no success means. */
    static Failure failure(String program, int exit, String stderr) {
        return of(Failure.Kind.REJECTED, program, exit, "", stderr);
    }

    /** A process that was to go on has ended. */
    static Failure died(String program, int exit, String stderr) {
        return of(Failure.Kind.UNREACHABLE, program, exit, " before it answered", stderr);
    }

    /** A program that prints records, or reads them, has ended in a way that was not expected. */
    static Failure failure(String program, int exit, String when, String stderr) {
        return of(Failure.Kind.REJECTED, program, exit, when, stderr);
    }

    private static Failure of(Failure.Kind kind, String program, int exit, String when, String stderr) {
        String said = stderr.strip();
        String last = said.substring(Math.max(said.lastIndexOf('\n') + 1, said.length() - SHOWN));
        return Failure.build(
                        kind,
                        "\"" + program + "\" ended with exit code " + exit + signal(exit) + when
                                + (last.isEmpty() ? "" : ": " + last))
                .code(String.valueOf(exit))
                .body(said.substring(Math.max(0, said.length() - Failure.BODY_LIMIT)))
                .done();
    }

    private static String signal(int exit) {
        return exit > SIGNALS && exit < SIGNALS + 65 ? " (signal " + (exit - SIGNALS) + ")" : "";
    }
}
