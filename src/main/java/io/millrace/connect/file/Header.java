package io.millrace.connect.file;

import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where the names of columns come from.
 *
 * @param inFile from the first row
 * @param names given by the flow; empty without {@code inFile}: {@code c1 c2 …}
 */
record Header(boolean inFile, Optional<List<String>> names) {
    private static final Type<Header> TYPE = Types.<Header>either(
                    Types.bool().map(there -> new Header(there, Optional.empty())))
            .or(Types.list(Types.string()).map(names -> new Header(false, Optional.of(names))));

    static final Field<Header> FIELD = Field.of(
                    "header",
                    TYPE,
                    "Where the names of the columns are: in the first row (true), in this list, or nowhere (false: c1, c2, …).")
            .byDefault(true);

    /** The names, given the cells of the first row. */
    List<String> of(List<String> firstRow, String place) {
        List<String> columns = inFile ? firstRow : names.orElseGet(() -> numbered(firstRow.size()));
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!seen.add(column)) {
                throw Failure.badData(
                        place + ": two columns are called \"" + column + "\"; name them with \"header\": [ … ]");
            }
        }
        return List.copyOf(columns);
    }

    private static List<String> numbered(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "c" + i).toList();
    }
}
