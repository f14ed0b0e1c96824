package io.millrace.connect.file;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** Files and standard streams. */
@AutoService(Connector.class)
public final class FileConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                LineSource.LINES,
                LineSource.JSONL,
                new CsvSource(),
                new FilesSource(),
                new StdinSource(),
                new StdoutSink(),
                FileSink.JSONL,
                FileSink.CSV,
                FileSink.FILE,
                new FileStep(),
                new CsvStep());
    }
}
