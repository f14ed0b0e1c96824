package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;

/** The step {@code tcp}. */
final class TcpStepType implements StepType {
    private static final Spec SPEC = Spec.step("tcp", "Sends a message over a TCP connection and returns the reply.")
            .hasEffects()
            .fields(
                    StepFields.HOST,
                    StepFields.PORT,
                    Message.SEND,
                    Message.BASE64,
                    FramingFields.DELIMITER,
                    FramingFields.LENGTH,
                    FramingFields.PREFIX,
                    FramingFields.CLOSE,
                    FramingFields.MAX_FRAME,
                    FramingFields.CHARSET,
                    ReadAs.FIELD,
                    StepFields.REPLY,
                    StepFields.RAW,
                    StepFields.GREETING,
                    Tls.FIELD,
                    StepFields.CONNECTIONS,
                    StepFields.PIPELINE,
                    StepFields.CONNECT_TIMEOUT,
                    StepFields.REPLY_TIMEOUT)
            .exclusive(Message.SEND, Message.BASE64)
            .rule(FramingFields::oneWay)
            .rule(StepFields::sendRule)
            .rule(StepFields::replyRule)
            .returns("the reply: text, a JSON value, or base64, as \"read\" says; null without one")
            .note(
                    "A request is framed as its reply is: a delimiter is added, or a length prefix. With length and close it is"
                            + " sent as it stands, as with raw.")
            .note(
                    "Connections are kept and shared by the items. Once all are in use, several requests are under way on each:"
                            + " replies are taken in the order of the requests. Set \"pipeline\": 1 for a server that cannot"
                            + " take this.")
            .note(
                    "A connection that is lost makes its requests UNREACHABLE. None is sent again by itself, for it may have been"
                            + " carried out: say \"retry\" where that does no harm.")
            .note("A cancelled request never gives its reply to another: see the guide on TCP.")
            .example("""
                    {
                      "resources": { "shop": { "http-server": { "files": "conf/site" } } },
                      "source": { "values": ["/index.html", "/about.html"] },
                      "steps": [
                        { "tcp": { "host": "127.0.0.1", "port": "${$resources.shop.port}", "send": "HEAD ${.value} HTTP/1.0\\r\\n\\r\\n",
                                   "close": true },
                          "as": "answer", "timeout": "5s" },
                        { "map": { "path": "${.value}", "status": "${.answer | split('\\r\\n') | .[0]}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new TcpStep(settings, assembly);
    }
}
