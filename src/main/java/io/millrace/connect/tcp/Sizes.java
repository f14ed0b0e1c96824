package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;

/** Bounds in words. */
final class Sizes {
    private static final int KB = 1024;

    private Sizes() {}

    static Failure tooLong(String what) {
        return Failure.of(Kind.LIMIT, what + ". Raise \"maxFrame\", or mend the framing.");
    }

    static String words(long bytes) {
        if (bytes % (KB * KB) == 0) {
            return bytes / (KB * KB) + "MB";
        }
        return bytes % KB == 0 ? bytes / KB + "KB" : bytes + " bytes";
    }
}
