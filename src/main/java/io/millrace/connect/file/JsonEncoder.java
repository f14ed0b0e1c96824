package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Variables;
import java.io.IOException;

/** A document a line. */
final class JsonEncoder implements Encoder {
    static final JsonEncoder INSTANCE = new JsonEncoder();

    private JsonEncoder() {}

    @Override
    public void add(ObjectNode document, Variables variables, Bytes into, boolean atStart) throws IOException {
        ExactJson.WRITER.writeValue(into, document);
        into.write('\n');
    }
}
