package io.millrace.connect.file;

import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Types;
import java.nio.charset.Charset;

/** Fields that several sources have. */
final class FileFields {
    static final Field<String> PATH = Field.of(
                    "path", Types.string(), "A file, or a pattern such as `in/**/*.txt`; `.gz` files are decompressed.")
            .required()
            .example("in/*.txt");
    static final Field<Charset> CHARSET = Field.of("charset", Types.charset(), "How the bytes of the file encode text.")
            .byDefault("utf-8");
    static final Field<Long> MAX_LINE = Field.of(
                    "maxLine", Types.size(), "A longer line is a bad record; the lines after it go on.")
            .byDefault("1MB");

    private FileFields() {}

    static int maxLine(Settings settings) {
        return (int) Math.min(settings.get(MAX_LINE), Integer.MAX_VALUE / 4);
    }
}
