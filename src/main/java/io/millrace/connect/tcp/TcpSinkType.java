package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import java.time.Duration;

/** The sink {@code tcp}. */
final class TcpSinkType implements SinkType {
    private static final Spec SPEC = Spec.sink("tcp", "Writes each item as a frame into a TCP connection.")
            .fields(
                    SinkFields.HOST,
                    SinkFields.PORT,
                    SinkFields.SEND,
                    FramingFields.DELIMITER,
                    FramingFields.PREFIX,
                    FramingFields.CHARSET,
                    Tls.FIELD,
                    SinkFields.ATTEMPTS,
                    SinkFields.CONNECT_TIMEOUT)
            .rule(FramingFields::oneWay)
            .batching(512, Duration.ofMillis(20))
            .note(
                    "An item is written when the operating system has taken it: a peer that reads slowly holds up the stage, and"
                            + " with it the sources. What the peer sends is not looked at.")
            .note(
                    "Where there is no connection at the start, the run fails. One that breaks later is made again, after pauses"
                            + " that grow to 5 s, and the batches under way are written again as a whole: each item arrives at"
                            + " least once, unless the peer had taken bytes that it then did not read, which nobody can know.")
            .note("At the end the connection is closed when the peer has read all, or after 2 s.")
            .example(Examples.SINK)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        return new TcpSink(settings, assembly);
    }
}
