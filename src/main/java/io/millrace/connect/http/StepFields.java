package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Check;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.millrace.spi.Variables;
import java.util.List;
import java.util.Map;

/** What a flow may say of one request. */
final class StepFields {
    private StepFields() {}

    static final Field<Dynamic<String>> URL = Field.of(
                    "url",
                    Types.dynamic(Types.string()),
                    "The http or https URL. What may not stand in one is encoded.")
            .required()
            .example("https://example.org/items/${.id}");
    static final Field<Dynamic<String>> METHOD = Field.of("method", Types.dynamic(Types.string()), "The method.")
            .defaultDoc("GET, or POST where there is a body, form or multipart")
            .example("PUT");
    static final Field<Map<String, Template>> QUERY = Field.of(
                    "query",
                    Types.map(Types.template()),
                    "Parameters added to the URL, encoded; a list repeats its name, null leaves it out.")
            .example(Map.of("page", "${.page}"));
    static final Field<Map<String, Template>> HEADERS = Field.of(
                    "headers",
                    Types.map(Types.template()),
                    "Headers of this request; they win over the client's, null takes one away.")
            .example(Map.of("accept", "application/json"));
    static final Field<Template> BODY = Field.of(
                    "body", Types.template(), "The body: a string is sent as text, anything else as JSON.")
            .example(Map.of("name", "${.name}"));
    static final Field<Map<String, Template>> FORM = Field.of(
                    "form", Types.map(Types.template()), "The fields of a form, sent as a browser does.")
            .example(Map.of("user", "${.user}"));
    static final Field<Map<String, Template>> MULTIPART = Field.of(
                    "multipart",
                    Types.map(Types.template()),
                    "Parts of a multipart form: a value, or {\"file\": path, \"type\": media type, \"name\": file name}.")
            .example(Map.of("photo", Map.of("file", "${.path}", "type", "image/png")));
    static final Field<Expect> EXPECT = Field.of(
                    "expect",
                    Expect.TYPE,
                    "Statuses that are no failure: any, a class such as 2xx, a number, or a list.")
            .defaultDoc("below 400")
            .example(List.of("2xx", 404));
    static final Field<Bodies.Read> READ = Field.of(
                    "read",
                    Types.enumOf("way to read a body", Bodies.Read.class),
                    "How the body becomes a value. auto: JSON for JSON types, text for text, else base64.")
            .byDefault("auto");
    static final Field<Dynamic<String>> SAVE = Field.of(
                    "save",
                    Types.dynamic(Types.string()),
                    "File for the body, which then is not held in memory. It stays below the folder written before the first"
                            + " template; folders are made; until it is complete it is called .part.")
            .example("files/${.id}.pdf");
    static final Field<Save.Exists> EXISTS = Field.of(
                    "exists",
                    Types.enumOf("way to treat a file", Save.Exists.class),
                    "When the file is there: replace it, skip the request, fail; resume skips too, and continues a .part file.")
            .byDefault("replace");
    static final Field<Dynamic<String>> SHA256 = Field.of(
            "sha256",
            Types.dynamic(Types.string()),
            "Expected SHA-256 of the saved file, in hex; another one is BAD_DATA, and the file is not kept.");
    static final Field<String> CLIENT = Field.of(
            "client", Types.resource("http"), "The http resource whose connections, limits and sign-in are used.");

    /** A URL that is no template is looked at when the flow is checked. */
    static void urlRule(Settings settings, Check check) {
        settings.find(URL).filter(Dynamic::isLiteral).ifPresent(url -> {
            try {
                Target.parse(url.get(NullNode.getInstance(), Variables.NONE));
            } catch (Failure wrong) {
                check.error(settings.at(), wrong.message(), "");
            }
        });
    }

    /** Fields that mean something only beside "save". */
    static void saveRule(Settings settings, Check check) {
        for (Field<?> field : List.<Field<?>>of(EXISTS, SHA256)) {
            if (settings.has(field) && !settings.has(SAVE)) {
                check.error(
                        settings.at().child(field.name()),
                        "\"" + field + "\" means nothing without \"save\".",
                        "Add \"save\", the path of the file, or remove it.");
            }
        }
    }
}
