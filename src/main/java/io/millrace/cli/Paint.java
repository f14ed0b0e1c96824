package io.millrace.cli;

/** Colours for a terminal, or none. */
record Paint(boolean on) {
    String error(String text) {
        return paint("31;1", text);
    }

    String warning(String text) {
        return paint("33;1", text);
    }

    String good(String text) {
        return paint("32;1", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
