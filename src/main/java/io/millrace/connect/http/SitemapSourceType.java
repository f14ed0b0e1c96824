package io.millrace.connect.http;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;

/** The source {@code sitemap}. */
final class SitemapSourceType implements SourceType {
    static final Field<String> URL = Field.of("url", Types.string(), "The http or https URL of the sitemap.")
            .required()
            .example("https://example.org/sitemap.xml");
    static final Field<Integer> MAX_DEPTH = Field.of(
                    "maxDepth", Types.integer(0, 10), "How deep sitemaps may be listed by others: 0 is this one alone.")
            .byDefault(3);
    static final Field<Integer> MAX_FILES = Field.of(
                    "maxFiles", Types.integer(1, 1_000_000), "How many sitemaps may be read; one more fails the run.")
            .byDefault(10_000);

    private static final Spec SPEC = Spec.source("sitemap", "Reads the URLs that a site lists.")
            .main(URL)
            .fields(MAX_DEPTH, MAX_FILES, SourceFields.RETRY)
            .uses("http", SourceFields.CLIENT)
            .rule(SitemapSourceType::urlRule)
            .replayable()
            .mayChange(MAX_FILES, SourceFields.RETRY, SourceFields.CLIENT)
            .caveat("if the site lists its pages in another order meanwhile, some come twice or not at all")
            .returns(
                    "`{url, modified}`; modified is a time in ISO 8601 (UTC), or null; the position is the ordinal, from 1")
            .note(
                    "Sitemaps in XML, as text, of RSS and Atom are read, compressed by gzip too. One that lists others is followed,"
                            + " each of them once.")
            .note(
                    "An entry that is no http URL is a dead letter. So is a listed sitemap that cannot be had or read, or lies deeper than"
                            + " maxDepth; the others go on. Where it is the first one, the run fails.")
            .note(
                    "A sitemap is held in memory: the client's maxBody bounds it, as it comes and decompressed. The format allows 50 MB.")
            .note(
                    "In a durable flow a resumed run reads those sitemaps again that list others, and those with entries that were not done.")
            .note("URLs are given as they are listed: robots.txt has no say here, but in fetching them.")
            .example("""
                    {
                      "resources": { "shop": { "http-server": { "files": "conf/site" } } },
                      "source": { "sitemap": "${$resources.shop.url}/sitemap.xml" },
                      "steps": [
                        { "filter": ".modified >= '2026-06-01'" },
                        { "map": { "page": "${.url}", "changed": "${.modified}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new SitemapSource(settings, assembly);
    }

    private static void urlRule(Settings settings, Check check) {
        settings.find(URL).ifPresent(url -> {
            try {
                Target.parse(url);
            } catch (Failure wrong) {
                check.error(settings.at(), wrong.message(), "");
            }
        });
    }
}
