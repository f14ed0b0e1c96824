package io.millrace.cli;

import java.util.List;
import java.util.stream.IntStream;

/** Rows of cells as lines: the first columns lean to the left, the others, which hold numbers, to the right. */
final class Columns {
    private Columns() {}

    /** @param left how many columns lean to the left */
    static List<String> lines(List<List<String>> rows, int left) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths, left)).toList();
    }

    private static String line(List<String> row, int[] widths, int left) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String gap = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(column < left ? cell + gap : gap + cell);
        }
        return line.toString();
    }
}
