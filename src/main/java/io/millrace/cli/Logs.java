package io.millrace.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** Sets up logging in code: reading a logback.xml costs a third of the time to the first item. */
final class Logs {
    /** How log lines look. */
    enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return Words.lower(this);
        }
    }

    private Logs() {}

    /** From now on: our own messages from this level, those of libraries from WARN, to this stream. */
    static void configure(Format format, Level level, OutputStream stream) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context, format, level, stream);
        }
    }

    static void apply(LoggerContext context, Format format, Level level, OutputStream stream) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender(context, format, level, stream));
        root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        context.getLogger("crawlercommons").setLevel(Level.ERROR); // it warns of mistakes in other people's files
        context.getLogger("io.millrace").setLevel(level);
        context.getLogger("millrace").setLevel(level); // names made for readers: millrace.flow, millrace.run
    }

    private static OutputStreamAppender<ILoggingEvent> appender(
            LoggerContext context, Format format, Level level, OutputStream stream) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(format == Format.JSON ? json(context) : text(context, level));
        appender.setOutputStream(new Unclosed(stream));
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, Level level) {
        LogLine layout = new LogLine(Level.DEBUG.isGreaterOrEqual(level));
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    /** Standard error outlives its appenders. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
