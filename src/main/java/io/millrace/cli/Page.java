package io.millrace.cli;

import java.io.PrintStream;
import java.util.List;

/** Lines that take the whole of a terminal, on the screen that it keeps beside its text: that is as before when this is closed. */
final class Page implements AutoCloseable {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l";
    private static final String END = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_PAGE = "\u001b[J";

    private final PrintStream out;
    private final Screen screen;

    Page(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
        out.print(BEGIN);
    }

    /** Draws them over what was there; what is too much for the height is left out, and counted. */
    void show(List<String> lines) {
        int room = Math.max(1, screen.rows() - 1);
        int more = Math.max(0, lines.size() - room);
        StringBuilder page = new StringBuilder(HOME);
        lines.stream()
                .limit(room)
                .forEach(line -> page.append(line).append(REST_OF_LINE).append("\r\n"));
        page.append(more == 0 ? "" : more + " more lines; ")
                .append("q ends")
                .append(REST_OF_LINE)
                .append(REST_OF_PAGE);
        out.print(page);
        out.flush();
    }

    @Override
    public void close() {
        out.print(END);
        out.flush();
    }
}
