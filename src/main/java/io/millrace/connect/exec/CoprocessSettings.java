package io.millrace.connect.exec;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What is the same for all co-processes of a step.
 *
 * @param place how logs name it
 * @param window how many items one process may have in flight
 * @param maxLine how many bytes an answer may have
 */
record CoprocessSettings(Program program, String place, int processes, int window, int maxLine, Duration grace) {
    String name() {
        return program.name();
    }

    /** Starts one. Blocks for some milliseconds; throws REJECTED if it cannot be started. */
    Link start(BiConsumer<Link, List<Answer>> told) {
        return Link.start(program, grace, maxLine, new ErrorLog(place), told);
    }
}
