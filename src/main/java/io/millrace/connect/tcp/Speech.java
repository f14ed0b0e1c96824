package io.millrace.connect.tcp;

import io.millrace.connect.tcp.ServerFields.Errors;
import io.millrace.spi.Settings;
import java.nio.charset.Charset;

/**
 * How a server speaks with its clients.
 *
 * @param idle nanoseconds
 * @param replyTimeout nanoseconds
 */
record Speech(
        Framing framing, int maxFrame, ReadAs read, Charset charset, Errors errors, long idle, long replyTimeout) {
    static Speech of(Settings settings) {
        return new Speech(
                FramingFields.read(settings, true),
                FramingFields.maxFrame(settings),
                settings.get(ReadAs.FIELD),
                settings.get(FramingFields.CHARSET),
                settings.get(ServerFields.ERRORS),
                settings.get(ServerFields.IDLE).toNanos(),
                settings.get(ServerFields.REPLY_TIMEOUT).toNanos());
    }
}
