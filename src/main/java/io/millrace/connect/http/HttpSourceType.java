package io.millrace.connect.http;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;

/** The source {@code http}. */
final class HttpSourceType implements SourceType {
    private static final Spec SPEC = Spec.source("http", "Reads the pages of a web API, a file, or a stream of events.")
            .main(SourceFields.URL)
            .fields(SourceFields.ALL.toArray(new Field<?>[0]))
            .uses("http", SourceFields.CLIENT)
            .exclusive(SourceFields.BODY, SourceFields.FORM)
            .rule(SourceFields::rule)
            .replayable()
            .replayableUnless(SourceFields.AGAIN, written -> !written.isBoolean() || written.booleanValue())
            .replayableUnless(SourceFields.FORMAT, written -> "sse".equals(written.asText()))
            .mayChange(
                    SourceFields.HEADERS,
                    StepFields.EXPECT,
                    SourceFields.RETRY,
                    SourceFields.MAX_LINE,
                    SourceFields.CLIENT)
            .caveat("if records have moved between its pages meanwhile, some come twice or not at all")
            .returns("each record; its position is page × 10⁹ + ordinal, both from 1. For sse {event, data, id}")
            .note(
                    "A page of JSON is held in memory, up to the client's maxBody. jsonl, csv, lines and sse are read as they come, only as"
                            + " there is room for records; the client's timeout then bounds the wait for the first byte, and, but for sse, for"
                            + " each further one.")
            .note(
                    "A line that is not JSON, a row with too many or too few cells, or a line over maxLine is a dead letter.")
            .note(
                    "A page that fails for a passing reason is asked for again; where a part of it was read, the records that were taken are"
                            + " passed over. A status of 400 or more that is not passing fails the run, unless expect allows it.")
            .note(
                    "With next, limits and sign-in of the client hold for all pages; to another origin neither cookies nor headers that could"
                            + " hold a secret go along.")
            .note(
                    "In a durable flow a resumed run asks again for the pages of records that were not done, and then for the page where it"
                            + " stopped; complete pages are not asked for again. A record is known by its page and its place there, so each comes"
                            + " once if the API gives the same pages again; what it moves from one page to another meanwhile may come twice or not"
                            + " at all, as it may without a stop. With again, and for sse, the stage needs a durable queue.")
            .note(
                    "Of a page's URL the store keeps what differs from the first one, so no user, key or other parameter of the first, nor"
                            + " headers. These may be renewed while a run is unfinished. What the API puts into the URL of the next page is kept.")
            .example(Examples.SOURCE)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return SPEC.replayable(settings) ? new PagedSource(settings, assembly) : new PolledSource(settings, assembly);
    }
}
