package io.millrace.flow;

import io.millrace.flow.Positions.Place;
import io.millrace.flow.Problem.Severity;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects problems; gives them in the order of the file, each once, without secrets. */
final class Problems {
    private static final Comparator<Problem> IN_ORDER =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final String file;
    private final Positions positions;
    private final Set<Problem> found = new LinkedHashSet<>();
    private Collection<String> secrets = Set.of();
    private Map<String, String> overridden = Map.of();

    Problems(String file, Positions positions) {
        this.file = file;
        this.positions = positions;
    }

    /** Values that no message may show. */
    void hide(Collection<String> values) {
        this.secrets = List.copyOf(values);
    }

    /** Values that are not the file's: pointers, with the words of the command line that put them there. */
    void overridden(Map<String, String> sets) {
        this.overridden = Map.copyOf(sets);
    }

    void atValue(Severity severity, String pointer, String what, String mend) {
        add(severity, positions.ofValue(pointer), pointer, what, mend);
    }

    void atName(Severity severity, String pointer, String what, String mend) {
        add(severity, positions.ofName(pointer), pointer, what, mend);
    }

    void add(Severity severity, Place place, String pointer, String what, String mend) {
        String said = overridden.getOrDefault(pointer, "");
        String full = said.isEmpty() ? what : said + ": " + what;
        found.add(new Problem(severity, file, place.line(), place.column(), pointer, redacted(full), redacted(mend)));
    }

    private String redacted(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = secret.isEmpty() ? shown : shown.replace(secret, "***");
        }
        return shown;
    }

    boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }

    List<Problem> inOrder() {
        return found.stream().sorted(IN_ORDER).toList();
    }

    List<Problem> errors() {
        return found.stream().filter(Problem::isError).sorted(IN_ORDER).toList();
    }
}
