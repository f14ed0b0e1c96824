package io.millrace.connect.tcp;

import io.millrace.spi.Field;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.time.Duration;

/** What a flow may say of the connection into which it writes. */
final class SinkFields {
    static final Field<String> HOST = Field.of("host", Types.string(), "Name or address of the other side.")
            .required()
            .example("logs.example.org");
    static final Field<Integer> PORT = Field.of("port", Types.integer(1, StepFields.MOST_PORTS), "Its port.")
            .required()
            .example(5170);
    static final Field<Template> SEND = Field.of(
                    "send", Types.template(), "What is written for each item: a string as text, anything else as JSON.")
            .defaultDoc("the document")
            .example("${.name} ${.price}");
    static final Field<Integer> ATTEMPTS = Field.of(
                    "attempts",
                    Types.integer(1, 1_000_000),
                    "After so many connections in a row that did not come about, items are dead letters instead of waiting.")
            .defaultDoc("they wait until the other side is back");
    static final Field<Duration> CONNECT_TIMEOUT = Field.of(
                    "connectTimeout", Types.duration(), "How long making a connection may take, with TLS.")
            .byDefault("10s");

    private SinkFields() {}
}
