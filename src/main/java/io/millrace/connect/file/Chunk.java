package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Encoded;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.nio.file.Path;

/** What one document adds to a file. */
sealed interface Chunk extends Encoded {
    Path path();

    /** Adds it; throws a failure if the file cannot take it. */
    void addTo(Bytes into, Encoder encoder, boolean atStart) throws IOException;

    /** Made already: the same in every file. */
    record Ready(Path path, byte[] content) implements Chunk {
        private static final int OVERHEAD = 64;

        @Override
        public void addTo(Bytes into, Encoder encoder, boolean atStart) {
            into.writeBytes(content);
        }

        @Override
        public long bytes() {
            return OVERHEAD + content.length;
        }
    }

    /** To be made when it is known what the file holds, as its columns. */
    record Later(Path path, ObjectNode document, Variables variables, long bytes) implements Chunk {
        private static final int NODE = 64;

        static Later of(Path path, ObjectNode document, Variables variables) {
            return new Later(path, document, variables, NODE + weigh(document));
        }

        private static long weigh(JsonNode value) {
            long bytes = NODE + (value.isTextual() ? 2L * value.textValue().length() : 0);
            for (JsonNode child : value) {
                bytes += weigh(child);
            }
            return bytes;
        }

        @Override
        public void addTo(Bytes into, Encoder encoder, boolean atStart) throws IOException {
            encoder.add(document, variables, into, atStart);
        }
    }
}
