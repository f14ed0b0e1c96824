package io.millrace.connect.file;

import org.jspecify.annotations.Nullable;

/**
 * What is to be read of files.
 *
 * @param from where to begin; null: at the very beginning
 * @param behind whether to begin behind that record
 * @param last the last record; null: to the end
 */
record Piece(
        @Nullable Address from, boolean behind, @Nullable Address last) {
    static final Piece ALL = new Piece(null, false, null);
}
