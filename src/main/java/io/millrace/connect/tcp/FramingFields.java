package io.millrace.connect.tcp;

import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;

/** What a flow may say of where frames end. */
final class FramingFields {
    private static final int MOST = Integer.MAX_VALUE - 64;
    private static final String LITTLE = "little";

    static final Field<String> DELIMITER = Field.of(
                    "delimiter",
                    Types.string(),
                    "What ends a frame; a carriage return before a lone line feed goes too.")
            .defaultDoc("\"\\n\", unless another way is chosen")
            .example("\r\n");
    static final Field<Integer> LENGTH =
            Field.of("length", Types.integer(1, MOST), "Bytes of every frame.").example(8);
    private static final Field<Integer> PREFIX_BYTES = Field.of(
                    "bytes", Types.integer(1, 8), "Bytes of the length: 1, 2, 4 or 8.")
            .required();
    private static final Field<String> PREFIX_ORDER = Field.of(
                    "order", Types.oneOf("byte order", "big", LITTLE), "Which byte of the length comes first.")
            .byDefault("big");
    private static final Field<Boolean> PREFIX_WHOLE = Field.of(
                    "whole", Types.bool(), "Whether the length counts its own bytes too.")
            .byDefault(false);
    private static final Spec PREFIX_OBJECT = Spec.object("prefix", "a length before each frame")
            .fields(PREFIX_BYTES, PREFIX_ORDER, PREFIX_WHOLE)
            .done();
    static final Field<LengthPrefix> PREFIX = Field.of(
                    "prefix",
                    Types.<LengthPrefix>either(Types.integer(1, 8).map(bytes -> new LengthPrefix(bytes, false, false)))
                            .or(Types.object(PREFIX_OBJECT).map(FramingFields::prefix)),
                    "Each frame begins with its length, of so many bytes (1, 2, 4 or 8), the highest first; or an object with"
                            + " bytes, order and whole.")
            .example(Map.of("bytes", 4, "order", LITTLE));
    static final Field<Boolean> CLOSE =
            Field.of("close", Types.bool(), "The frame is all that comes until the other side closes the connection.");
    static final Field<Long> MAX_FRAME = Field.of(
                    "maxFrame",
                    Types.size().map(size -> Math.max(1, Math.min(size, MOST))),
                    "Largest frame that is taken; a longer one is a LIMIT.")
            .byDefault("1MB");
    static final Field<Charset> CHARSET = Field.of("charset", Types.charset(), "Character set of text and delimiter.")
            .byDefault("utf-8");

    private FramingFields() {}

    private static LengthPrefix prefix(Settings settings) {
        return new LengthPrefix(
                settings.get(PREFIX_BYTES), settings.get(PREFIX_ORDER).equals(LITTLE), settings.get(PREFIX_WHOLE));
    }

    /** @param exact whether what is written has to have a fixed length, too */
    static Framing read(Settings settings, boolean exact) {
        if (settings.has(PREFIX)) {
            return settings.get(PREFIX);
        }
        if (settings.has(LENGTH)) {
            return new FixedLength(settings.get(LENGTH), exact);
        }
        return settings.find(CLOSE).orElse(false)
                ? new UntilClose()
                : new Delimited(settings.find(DELIMITER).orElse("\n"), settings.get(CHARSET));
    }

    static int maxFrame(Settings settings) {
        return settings.get(MAX_FRAME).intValue();
    }

    /** A stream is cut in one way. */
    static void oneWay(Settings settings, Check check) {
        List<Field<?>> given = List.<Field<?>>of(DELIMITER, LENGTH, PREFIX, CLOSE).stream()
                .filter(settings::has)
                .toList();
        if (given.size() > 1) {
            check.error(
                    settings.at().child(given.get(1).name()),
                    "\"" + given.get(0) + "\" and \"" + given.get(1) + "\" both say where a frame ends.",
                    "Keep one of \"delimiter\", \"length\", \"prefix\" and \"close\".");
        }
        settings.find(DELIMITER)
                .filter(String::isEmpty)
                .ifPresent(empty -> refuse(
                        settings,
                        check,
                        DELIMITER,
                        "an empty delimiter ends nothing.",
                        "Write the characters that end a frame."));
        settings.find(PREFIX)
                .filter(prefix -> Integer.bitCount(prefix.bytes()) != 1)
                .ifPresent(odd -> refuse(
                        settings,
                        check,
                        PREFIX,
                        "a length of " + odd.bytes() + " bytes is not offered.",
                        "Write 1, 2, 4 or 8."));
        settings.find(LENGTH)
                .filter(length -> length > settings.find(MAX_FRAME).orElse(Long.MAX_VALUE))
                .ifPresent(length -> refuse(
                        settings,
                        check,
                        LENGTH,
                        "frames of " + length + " bytes are longer than \"maxFrame\".",
                        "Raise \"maxFrame\"."));
        settings.find(CLOSE)
                .filter(close -> !close)
                .ifPresent(no -> refuse(
                        settings,
                        check,
                        CLOSE,
                        "\"close\": false chooses no way to end a frame.",
                        "Leave it out, or write true."));
    }

    private static void refuse(Settings settings, Check check, Field<?> field, String what, String mend) {
        check.error(settings.at().child(field.name()), what, mend);
    }
}
