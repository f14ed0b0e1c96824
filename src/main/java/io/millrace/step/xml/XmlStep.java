package io.millrace.step.xml;

import com.google.auto.service.AutoService;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** Parses XML. That takes a core's time, so it runs in a worker pool unless the flow says otherwise. */
@AutoService(Connector.class)
public final class XmlStep implements StepType, Connector {
    /** Twice this, for a list around each level, is still within what Jackson writes (1000). */
    private static final int DEEPEST = 400;

    private static final Field<Dynamic<String>> TEXT = Field.of(
                    "text", Types.dynamic(Types.string()), "The document, as text.")
            .required()
            .example("${.http.body}");
    private static final Field<List<String>> LIST = Field.of(
                    "list",
                    Types.oneOrMore(Types.string()),
                    "Names of elements that become a list even where there is but one.")
            .example(List.of("item"));
    private static final Field<Integer> MAX_DEPTH = Field.of(
                    "maxDepth", Types.integer(1, DEEPEST), "How deep elements may stand within each other.")
            .byDefault(200);
    private static final Field<Long> MAX_SIZE = Field.of(
                    "maxSize", Types.size(), "The longest text that is parsed, in characters.")
            .byDefault("10MB");

    private static final Spec SPEC = Spec.step("xml", "Parses a text as XML.")
            .main(TEXT)
            .fields(LIST, MAX_DEPTH, MAX_SIZE)
            .blockingByDefault()
            .returns("an object with one field, named as the outermost element")
            .note(
                    "An element with text alone is that text, an empty one null. Any other is an object: its attributes as \"@name\","
                            + " its elements by name, a name that comes several times as a list, its own text, if there is any, as \"#text\".")
            .note(
                    "All values are strings, without the white space around them. Names are kept as they are written, prefixes and"
                            + " xmlns attributes too. Comments and processing instructions are left out. How elements of different names"
                            + " follow each other, and where in a text they stand, is not kept.")
            .note(
                    "A name in `list` is always a list; else one record and many have different shapes. In jq, `toarray` helps as well.")
            .note("A text that is not XML is BAD_DATA, with line and column; one beyond maxDepth or maxSize is LIMIT.")
            .note(
                    "A document type is passed over: nothing it names is fetched, and an entity that it declares is not known.")
            .note("It runs in a worker pool (\"blocking\"), because a long document takes a core's time to parse.")
            .example("""
                    {
                      "source": {
                        "values": ["<orders day='Monday'><order id='1'>tea</order><order id='2'><what>oats</what></order></orders>"]
                      },
                      "steps": [
                        { "xml": { "text": "${.value}", "list": ["order"] } },
                        { "split": ".xml.orders.order[]" },
                        { "map": { "id": "${.['@id']}", "what": "${.what // .['#text']}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public List<Component> components() {
        return List.of(this);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<String> text = settings.get(TEXT);
        XmlReader reader = new XmlReader(
                Set.copyOf(settings.find(LIST).orElse(List.of())), settings.get(MAX_DEPTH), settings.get(MAX_SIZE));
        return frame -> Future.succeededFuture(reader.read(text.get(frame)));
    }
}
