package io.millrace.connect.file;

import io.millrace.spi.Assembly;
import org.jspecify.annotations.Nullable;

/** Finds files, once, when they are first asked for, which blocks. */
final class Search {
    private final String path;
    private final Assembly assembly;
    private @Nullable Inputs found;

    Search(String path, Assembly assembly) {
        this.path = path;
        this.assembly = assembly;
    }

    /** Throws a failure for people. */
    synchronized Inputs files() {
        Inputs files = found;
        if (files == null) {
            files = Inputs.find(path, assembly);
            found = files;
        }
        return files;
    }
}
