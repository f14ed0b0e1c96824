package io.millrace.cli;

import io.millrace.flow.Problem;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;

/** Prints problems in the order of the file, and how many there are. */
record ProblemPrinter(PrintStream err, Paint paint) {
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::file).thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    void print(String file, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        problems.stream().sorted(BY_PLACE).map(this::line).forEach(err::println);
        err.println(summary(file, problems));
    }

    private String line(Problem problem) {
        String place = problem.file() + ":" + problem.line() + ":" + problem.column() + ":";
        String rest = problem.toString().substring(place.length());
        return paint.on()
                ? paint.bold(place) + (problem.isError() ? paint.error(rest) : paint.warning(rest))
                : place + rest;
    }

    private static String summary(String file, List<Problem> problems) {
        long errors = problems.stream().filter(Problem::isError).count();
        long warnings = problems.size() - errors;
        String counts = errors == 0
                ? Words.count(warnings, "warning")
                : Words.count(errors, "error") + (warnings == 0 ? "" : ", " + Words.count(warnings, "warning"));
        return counts + " in " + file;
    }
}
