package io.millrace.faults;

import io.millrace.faults.Workload.Fate;
import io.millrace.faults.Workload.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What there is in the end, against what there must be. */
record Audit(Workload workload, List<Output> rows, List<Output> lines, List<Letter> letters) {
    private static final int MOST_TOLD = 10;

    /** A row of the table, or a line of the file. */
    record Output(int id, int part, String text, String stamp) {
        String name() {
            return id + "/" + part;
        }
    }

    /** A dead letter: the stage where it failed, and what failed there. */
    record Letter(String stage, String name) {}

    /** Everything that is wrong; empty if nothing is. */
    List<String> problems() {
        Findings found = new Findings();
        found.compare("row", outputs(true), rows);
        found.compare("line", outputs(false), lines);
        found.stamps(rows);
        found.stamps(lines);
        found.letters(expectedLetters(), letters);
        return found.told();
    }

    private Map<String, String> outputs(boolean table) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Task task : workload.tasks()) {
            if (task.fate() != Fate.FILTERED && task.fate() != Fate.DEAD) {
                task.names().stream()
                        .filter(part -> !table || part >= 0)
                        .forEach(part -> texts.put(task.id() + "/" + part, task.text()));
            }
        }
        return texts;
    }

    private Map<Letter, String> expectedLetters() {
        Map<Letter, String> letters = new LinkedHashMap<>();
        for (Task task : workload.tasks()) {
            switch (task.fate()) {
                case DEAD -> letters.put(new Letter("first", String.valueOf(task.id())), "");
                case HALF -> letters.put(new Letter("second", task.id() + "/1"), "");
                case REFUSED -> letters.put(new Letter("rows", task.id() + "/-1"), "");
                case KEPT, FILTERED -> {}
            }
        }
        return letters;
    }

    private static final class Findings {
        private final List<String> problems = new ArrayList<>();
        private final Map<Integer, String> stamps = new HashMap<>();

        void compare(String what, Map<String, String> expected, List<Output> found) {
            Map<String, String> open = new LinkedHashMap<>(expected);
            for (Output output : found) {
                String text = open.remove(output.name());
                if (text == null) {
                    problems.add(what + " " + output.name()
                            + (expected.containsKey(output.name()) ? " is there twice" : " should not be there"));
                } else if (!text.equals(output.text())) {
                    problems.add(what + " " + output.name() + " is damaged: " + output.text());
                }
            }
            open.keySet().forEach(name -> problems.add(what + " " + name + " is lost"));
        }

        /** All that comes of a record comes of one attempt. */
        void stamps(List<Output> found) {
            for (Output output : found) {
                String other = stamps.putIfAbsent(output.id(), output.stamp());
                if (other != null && !Objects.equals(other, output.stamp())) {
                    problems.add(output.name() + " is of another attempt than the rest of its record");
                }
            }
        }

        void letters(Map<Letter, String> expected, List<Letter> found) {
            Map<Letter, String> open = new LinkedHashMap<>(expected);
            for (Letter letter : found) {
                if (open.remove(letter) == null) {
                    problems.add(letter + (expected.containsKey(letter) ? " is there twice" : " should not be there"));
                }
            }
            open.keySet().forEach(letter -> problems.add(letter + " is lost"));
        }

        List<String> told() {
            if (problems.size() <= MOST_TOLD) {
                return problems;
            }
            List<String> some = new ArrayList<>(problems.subList(0, MOST_TOLD));
            some.add("and " + (problems.size() - MOST_TOLD) + " more");
            return some;
        }
    }
}
