package io.millrace.connect.jar;

/** Why a class cannot be a step, and how to mend it. */
final class BadClass extends Exception {
    private static final long serialVersionUID = 1;

    /** The setting that is wrong. */
    enum Part {
        CLASS,
        JAR,
        CONFIG
    }

    private final Part part;
    private final String mend;

    BadClass(Part part, String what, String mend) {
        super(what, null, false, false);
        this.part = part;
        this.mend = mend;
    }

    static BadClass of(String what, String mend) {
        return new BadClass(Part.CLASS, what, mend);
    }

    Part part() {
        return part;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String mend() {
        return mend;
    }
}
