package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;

/** The step {@code udp}. */
final class UdpStepType implements StepType {
    private static final Spec SPEC = Spec.step("udp", "Sends a datagram and returns the one that answers it.")
            .hasEffects()
            .fields(
                    StepFields.HOST,
                    StepFields.PORT,
                    Message.SEND,
                    Message.BASE64,
                    FramingFields.CHARSET,
                    ReadAs.FIELD,
                    StepFields.REPLY,
                    StepFields.DATAGRAM_TIMEOUT)
            .exclusive(Message.SEND, Message.BASE64)
            .rule(StepFields::sendRule)
            .rule(StepFields::datagramRule)
            .returns("the reply: text, a JSON value, or base64, as \"read\" says; null without one")
            .note(
                    "The reply is the first datagram that comes from the host and port that were asked. Each request is sent from"
                            + " a port of its own, so that a late reply is taken for nobody else's.")
            .note(
                    "A datagram may be lost, or arrive twice: without a reply in time it is a TIMEOUT, which \"retry\" takes up."
                            + " Whether one that wants no reply has arrived, nobody knows.")
            .example("""
                    {
                      "source": { "range": 3 },
                      "steps": [
                        { "udp": { "host": "127.0.0.1", "port": 8125, "send": "page.views:${.value}|c", "reply": false } }
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
        return new UdpStep(settings, assembly);
    }
}
