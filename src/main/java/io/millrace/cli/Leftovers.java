package io.millrace.cli;

import java.nio.file.Path;

/**
 * Where that is found which a run has not done.
 *
 * @param letters follows "3 dead letters"
 * @param unfinished what becomes of items that were cut off, follows "items in flight"
 * @param next what is done about an interrupted run, follows "3 dead letters"; empty if nothing
 */
record Leftovers(String letters, String unfinished, String next) {
    static Leftovers inFile(Path file) {
        return new Leftovers(" in " + file, ", which are in no dead letters", "");
    }

    static Leftovers inStore(String flow) {
        return new Leftovers(
                ": `millrace dead list " + flow + "` shows them",
                ", which the next run of it does again",
                "what was done is kept; run it again to go on");
    }
}
