package io.millrace;

/** The composition root. */
public final class Main {
    private Main() {}

    /** Starts the command line. */
    public static void main(String[] args) {
        System.exit(0);
    }
}
