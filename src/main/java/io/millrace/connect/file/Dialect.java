package io.millrace.connect.file;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Types;

/** How cells are told apart. */
record Dialect(char delimiter, char quote) {
    static final Field<String> DELIMITER = Field.of("delimiter", Types.string(), "The character between two cells.")
            .byDefault(",")
            .example(";");
    static final Field<String> QUOTE = Field.of(
                    "quote", Types.string(), "The character around a cell that holds others.")
            .byDefault("\"");

    static Dialect of(Settings settings) {
        return new Dialect(
                settings.get(DELIMITER).charAt(0), settings.get(QUOTE).charAt(0));
    }

    /** A rule of specs that have these fields. */
    static void check(Settings settings, Check check) {
        oneCharacter(settings, DELIMITER, check);
        oneCharacter(settings, QUOTE, check);
        if (settings.find(DELIMITER).equals(settings.find(QUOTE))) {
            check.error(
                    settings.at(),
                    "\"delimiter\" and \"quote\" are the same.",
                    "Set one of them to another character.");
        }
    }

    private static void oneCharacter(Settings settings, Field<String> field, Check check) {
        String text = settings.find(field).orElse(",");
        if (text.length() != 1 || text.equals("\n") || text.equals("\r")) {
            check.error(
                    settings.at().child(field.name()),
                    "\"" + text + "\" is not one character.",
                    "Write one character.");
        }
    }

    /** Reads rows of any length: which are wrong is for its user to say. */
    CsvReader.CsvReaderBuilder reader() {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(quote)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowExtraCharsAfterClosingQuote(true)
                .allowUnclosedQuote(false);
    }

    CsvWriter.CsvWriterBuilder writer() {
        return CsvWriter.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(quote)
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(0);
    }
}
