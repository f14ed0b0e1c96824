package io.millrace.connect.http;

import io.millrace.spi.Assembly;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.Future;

/** Pages that begin again for ever, and events: what they have told they do not tell again. */
final class PolledSource implements Source {
    private final boolean endless;
    private final Pages pages;

    PolledSource(Settings settings, Assembly assembly) {
        Client client = assembly.resource(settings.find(SourceFields.CLIENT), "http", Client.class);
        Paging paging = new Paging(settings, assembly);
        this.endless = paging.again().isPresent();
        this.pages = new Pages(paging, client, assembly, Pages.Start.first(paging));
    }

    @Override
    public boolean endless() {
        return endless;
    }

    @Override
    public Future<Boolean> read(Records into) {
        return pages.read(into);
    }

    @Override
    public Future<Void> close() {
        return pages.close();
    }
}
