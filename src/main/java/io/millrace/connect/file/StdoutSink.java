package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Standard output. */
final class StdoutSink implements SinkType {
    private static final Field<Template> TEXT = Field.of(
                    "text", Types.template(), "What to print for each item, in place of its JSON.")
            .example("${.name}: ${.price}");
    private static final Spec SPEC = Spec.sink("stdout", "Prints each item as a line of JSON, or as the text you say.")
            .main(TEXT)
            .batching(512, Duration.ofMillis(20))
            .note("If nobody reads the output any more, as after `| head`, the failure has the code EPIPE.")
            .example("{\"source\": {\"values\": [{\"name\": \"lamp\", \"price\": 12.5}]}, "
                    + "\"sink\": {\"stdout\": \"${.name}: ${.price}\"}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        Encoder encoder = settings.has(TEXT) ? new TextEncoder(settings.find(TEXT), true) : JsonEncoder.INSTANCE;
        return new Printer(encoder, assembly.out(), new SerialWorker("stdout", assembly));
    }

    private record Printer(Encoder encoder, PrintStream out, SerialWorker worker) implements Sink {
        @Override
        public Future<Void> write(Batch batch) {
            return worker.run(() -> print(batch)).map(rejected -> {
                rejected.forEach(batch::reject);
                return null;
            });
        }

        /** Gives back what could not be printed, by index. */
        private Map<Integer, Failure> print(Batch batch) throws IOException {
            Bytes bytes = new Bytes();
            Map<Integer, Failure> rejected = encode(batch, bytes);
            bytes.copyTo(out);
            if (out.checkError()) {
                throw Failure.build(Failure.Kind.REJECTED, "standard output is closed")
                        .code("EPIPE")
                        .done();
            }
            return rejected;
        }

        private Map<Integer, Failure> encode(Batch batch, Bytes bytes) throws IOException {
            Map<Integer, Failure> rejected = new TreeMap<>();
            List<ObjectNode> documents = batch.documents();
            for (int i = 0; i < documents.size(); i++) {
                int before = bytes.size();
                try {
                    encoder.add(documents.get(i), batch.variables(i), bytes, false);
                } catch (Failure failure) {
                    bytes.cutTo(before);
                    rejected.put(i, failure);
                }
            }
            return rejected;
        }

        @Override
        public Future<Void> close(boolean complete) {
            return worker.close();
        }
    }
}
