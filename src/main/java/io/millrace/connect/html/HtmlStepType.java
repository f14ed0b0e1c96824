package io.millrace.connect.html;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** The step {@code html}. Parsing takes a core's time, so it runs in a worker pool unless the flow says otherwise. */
final class HtmlStepType implements StepType {
    private static final Field<Dynamic<String>> TEXT = Field.of(
                    "text", Types.dynamic(Types.string()), "The page, as text.")
            .required()
            .example("${.http.body}");
    private static final Field<Map<String, Selection>> SELECT = Field.of(
                    "select",
                    Types.map(new SelectionType()),
                    "Names and CSS selectors: \"sel\" text of the first match, \"sel@attr\" its attribute, [\"sel\"] all matches,"
                            + " {\"rows\": \"sel\", \"select\": {…}} an object for each match. No match is null.")
            .defaultDoc("the title, the text, and all links of the page")
            .example(Map.of("title", "h1"));
    private static final Field<Dynamic<String>> BASE = Field.of(
                    "base",
                    Types.dynamic(Types.string()),
                    "URL of the page: @href, @src and other links become absolute, by <base> too.")
            .example("${.http.url}");

    private static final Spec SPEC = Spec.step("html", "Picks values out of an HTML page by CSS selectors.")
            .main(TEXT)
            .fields(SELECT, BASE)
            .blockingByDefault()
            .returns("an object with the names of select; without select {title, text, links}")
            .note("Besides attributes there are @text (also of the row itself), @ownText (without children), @html and"
                    + " @outerHtml. Text comes with its white space normalized.")
            .note("In rows, selectors look inside of the row; \"@name\" alone is an attribute of the row itself.")
            .note("A list holds only the matches that have the attribute.")
            .note("It runs in a worker pool (\"blocking\"), because a page takes a core's time to parse.")
            .example("""
                    {
                      "resources": { "shop": { "http-server": { "files": "conf/site" } } },
                      "source": { "values": ["/category/tools/page-1.html"] },
                      "steps": [
                        { "http": "${$resources.shop.url}${.value}", "as": "page" },
                        {
                          "html": {
                            "text": "${.page.body}",
                            "select": {
                              "title": "title",
                              "next": ".next a@href",
                              "products": { "rows": ".card", "select": { "name": "h3", "link": "h3 a@href" } }
                            }
                          }
                        },
                        { "map": { "title": "${.html.title}", "next": "${.html.next}", "first": "${.html.products[0]}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<String> text = settings.get(TEXT);
        Optional<Dynamic<String>> base = settings.find(BASE);
        Map<String, Selection> select = settings.find(SELECT).orElseGet(HtmlStepType::overview);
        return frame -> {
            String url = base.map(b -> b.get(frame)).orElse("");
            Document page = Jsoup.parse(text.get(frame), url);
            ObjectNode picked = Selection.object(select, page);
            return Future.succeededFuture(picked);
        };
    }

    private static Map<String, Selection> overview() {
        Map<String, Selection> fields = new LinkedHashMap<>();
        fields.put("title", new Selection.First(Pick.parse("title")));
        fields.put("text", new Selection.First(Pick.parse("body")));
        fields.put("links", new Selection.All(Pick.parse("a[href]@href")));
        return fields;
    }
}
