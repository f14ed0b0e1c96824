package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Reply;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers whoever sent the record. */
final class ReplyStep implements StepType {
    private static final Field<Template> BODY = Field.of(
                    "body",
                    Types.template(),
                    "What is sent: a string as text, any other value as JSON, null as nothing.")
            .defaultDoc("nothing")
            .example(Map.of("id", "${.id}"));
    private static final Field<Dynamic<Integer>> STATUS = Field.of(
                    "status", Types.dynamic(Types.integer(Reply.OK, 599)), "The status, where the protocol has one.")
            .byDefault(Reply.OK);
    private static final Field<Map<String, Template>> HEADERS = Field.of(
                    "headers",
                    Types.map(Types.template()),
                    "Headers, where the protocol has them; a list repeats its header, null leaves it out.")
            .example(Map.of("location", "/orders/${.id}"));
    private static final Spec SPEC = Spec.step(
                    "reply", "Answers the request, or the line, that this item descends from.")
            .main(BODY)
            .fields(STATUS, HEADERS)
            .result(Spec.Result.NOTHING)
            .answers()
            .note(
                    "It answers at once, and the item goes its way: what follows may go on working after the other side has its answer."
                            + " The first answer wins; a later one, or one to a caller who has gone, is left out without a word.")
            .note("An object is the step's settings: to answer with one, write {\"body\": {…}}.")
            .note("After `collect` it answers each of those whose records went into the group.")
            .note(
                    "Over HTTP an object comes with content-type application/json, a string with text/plain; charset=utf-8, unless"
                            + " `headers` say otherwise. A server of plain frames sends the body alone.")
            .example("""
                    {
                      "resources": { "api": { "http-server": {} } },
                      "limits": { "items": 2 },
                      "stages": {
                        "greet": {
                          "source": { "http-server": "/hello/:name" },
                          "steps": [ { "reply": { "body": { "hello": "${.params.name}" } } } ],
                          "sink": "discard"
                        },
                        "visitors": {
                          "source": { "values": ["Ada"] },
                          "steps": [ { "http": "${$resources.api.url}/hello/${.value}" }, { "map": "${.http.body}" } ],
                          "sink": "stdout"
                        }
                      }
                    }
                    """)
            .done();

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new Answering(settings.get(STATUS), settings.find(HEADERS).orElse(Map.of()), settings.find(BODY));
    }

    private record Answering(Dynamic<Integer> status, Map<String, Template> headers, Optional<Template> body)
            implements Step {
        @Override
        public Future<JsonNode> run(Frame frame) {
            JsonNode sent = body.isPresent() ? body.get().eval(frame) : NullNode.getInstance();
            frame.reply(new Reply(status.get(frame), headers(frame), sent));
            return Future.succeededFuture(NullNode.getInstance());
        }

        private Map<String, List<String>> headers(Frame frame) {
            Map<String, List<String>> made = new LinkedHashMap<>();
            headers.forEach((name, template) -> {
                List<String> values = values(name, template.eval(frame));
                if (!values.isEmpty()) {
                    made.put(name.toLowerCase(Locale.ROOT), values);
                }
            });
            return made;
        }

        private static List<String> values(String name, JsonNode value) {
            if (!NAME.matcher(name).matches()) {
                throw Failure.badData("\"" + name + "\" is not the name of a header.");
            }
            List<String> values = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(one -> values.add(text(name, one)));
            } else if (!value.isNull()) {
                values.add(text(name, value));
            }
            return values;
        }

        private static String text(String name, JsonNode value) {
            String text = value.isValueNode() ? value.asText() : value.toString();
            if (!text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff))) {
                throw Failure.badData("the header \"" + name
                        + "\" holds a line break, or another character that may not stand in a header.");
            }
            return text;
        }
    }
}
