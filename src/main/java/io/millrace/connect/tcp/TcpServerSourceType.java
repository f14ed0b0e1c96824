package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;

/** The source {@code tcp-server}. */
final class TcpServerSourceType implements SourceType {
    private static final Spec SPEC = Spec.source(
                    "tcp-server", "Takes TCP connections; each frame that comes is a record.")
            .main(ServerFields.PORT)
            .fields(
                    ServerFields.SERVER,
                    ServerFields.HOST,
                    ServerFields.TLS,
                    ServerFields.MAX_CONNECTIONS,
                    FramingFields.DELIMITER,
                    FramingFields.LENGTH,
                    FramingFields.PREFIX,
                    FramingFields.CLOSE,
                    FramingFields.MAX_FRAME,
                    FramingFields.CHARSET,
                    ReadAs.FIELD,
                    ServerFields.IDLE,
                    ServerFields.ERRORS,
                    ServerFields.REPLY_TIMEOUT,
                    ServerFields.COUNT)
            .rule(ServerFields::whereRule)
            .rule(FramingFields::oneWay)
            .answers()
            .returns("the frame: text, a JSON value, or base64, as \"read\" says; $meta.peer is {host, port}")
            .note(
                    "reply sends its body back, framed as the requests are, in the order in which they came on that connection."
                            + " Without a reply nothing is sent.")
            .note(
                    "While the stage has no room clients are not read, and neither is one that does not read its replies: their"
                            + " writes wait.")
            .note(
                    "A frame over maxFrame is a bad record, and its connection is closed once the frames before it are answered."
                            + " A last line needs no end; half a frame with a length is a bad record.")
            .note(
                    "When the flow stops, no frame is taken any more, what is under way is answered, and connections are closed.")
            .example(Examples.SOURCE)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new TcpServerSource(settings, assembly);
    }
}
