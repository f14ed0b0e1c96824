package io.millrace.connect.tcp;

import io.millrace.spi.Settings;
import java.nio.charset.Charset;
import java.time.Duration;

/**
 * What the requests of a step have in common.
 *
 * @param raw whether what is sent is written as it stands, not as a frame
 * @param reply whether a reply is waited for
 * @param greeting whether the server speaks first: one frame that answers nothing
 * @param connections at most so many to one address
 * @param pipeline at most so many requests under way on one connection
 */
record Protocol(
        Framing framing,
        int maxFrame,
        boolean raw,
        boolean reply,
        boolean greeting,
        ReadAs read,
        Charset charset,
        int connections,
        int pipeline,
        Duration connectTimeout,
        Duration replyTimeout) {
    static Protocol of(Settings settings) {
        Framing framing = FramingFields.read(settings, false);
        return new Protocol(
                framing,
                FramingFields.maxFrame(settings),
                settings.get(StepFields.RAW),
                settings.get(StepFields.REPLY),
                settings.get(StepFields.GREETING),
                settings.get(ReadAs.FIELD),
                settings.get(FramingFields.CHARSET),
                settings.get(StepFields.CONNECTIONS),
                framing.endsWithStream() ? 1 : settings.get(StepFields.PIPELINE),
                settings.get(StepFields.CONNECT_TIMEOUT),
                settings.get(StepFields.REPLY_TIMEOUT));
    }
}
