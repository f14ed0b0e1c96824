package io.millrace.connect.tcp;

import io.millrace.spi.Check;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;

/** What a flow may say of one request over TCP, or of one datagram. */
final class StepFields {
    static final int MOST_PORTS = 65_535;

    static final Field<Dynamic<String>> HOST = Field.of(
                    "host", Types.dynamic(Types.string()), "Name or address of the other side.")
            .required()
            .example("quotes.example.org");
    static final Field<Dynamic<Integer>> PORT = Field.of(
                    "port", Types.dynamic(Types.integer(1, MOST_PORTS)), "Its port.")
            .required()
            .example(7000);
    static final Field<Boolean> REPLY = Field.of(
                    "reply",
                    Types.bool(),
                    "Whether a reply is waited for; false: the step is done when all is written.")
            .byDefault(true);
    static final Field<Boolean> RAW = Field.of(
                    "raw",
                    Types.bool(),
                    "Whether what is sent is written as it stands, without delimiter or prefix; it may then hold the delimiter.")
            .byDefault(false);
    static final Field<Boolean> GREETING = Field.of(
                    "greeting",
                    Types.bool(),
                    "Whether the server speaks first: its first frame on each connection is read and dropped.")
            .byDefault(false);
    static final Field<Integer> CONNECTIONS = Field.of(
                    "connections",
                    Types.integer(1, 10_000),
                    "Most connections to one host and port, for each instance of the stage.")
            .byDefault(8);
    static final Field<Integer> PIPELINE = Field.of(
                    "pipeline",
                    Types.integer(1, 100_000),
                    "Most requests under way on one connection, once all connections are in use. 1: each waits for the reply"
                            + " to the one before.")
            .byDefault(16);
    static final Field<Duration> CONNECT_TIMEOUT = Field.of(
                    "connectTimeout", Types.duration(), "How long making a connection may take, TLS and greeting too.")
            .byDefault("10s");
    static final Field<Duration> REPLY_TIMEOUT = Field.of(
                    "replyTimeout",
                    Types.duration(),
                    "How long the other side may take to reply, from the request or, when several are under way, from the reply before.")
            .byDefault("30s");
    static final Field<Duration> DATAGRAM_TIMEOUT = Field.of(
                    "replyTimeout",
                    Types.duration(),
                    "How long the reply may take. Datagrams get lost: bound it, and retry.")
            .byDefault("5s");

    private StepFields() {}

    /** Something has to be sent. */
    static void sendRule(Settings settings, Check check) {
        if (!settings.has(Message.SEND) && !settings.has(Message.BASE64)) {
            check.error(settings.at(), "there is nothing to send.", "Give \"send\", or \"base64\".");
        }
    }

    /** Fields of a datagram that mean something only where one comes back. */
    static void datagramRule(Settings settings, Check check) {
        if (!settings.get(REPLY)) {
            withoutReply(settings, check, List.of(ReadAs.FIELD, DATAGRAM_TIMEOUT));
        }
    }

    private static void withoutReply(Settings settings, Check check, List<Field<?>> fields) {
        fields.stream()
                .filter(settings::has)
                .forEach(field -> check.error(
                        settings.at().child(field.name()),
                        "\"" + field + "\" means nothing where no reply is waited for.",
                        "Remove it, or \"reply\": false."));
    }

    /** Fields that mean something only beside others. */
    static void replyRule(Settings settings, Check check) {
        if (!settings.get(REPLY)) {
            withoutReply(settings, check, List.of(FramingFields.LENGTH, FramingFields.CLOSE, ReadAs.FIELD));
        }
        if (settings.has(FramingFields.CLOSE) && settings.has(PIPELINE) && settings.get(PIPELINE) > 1) {
            check.error(
                    settings.at().child(PIPELINE.name()),
                    "a connection that ends with its reply carries one request.",
                    "Remove \"pipeline\".");
        }
    }
}
