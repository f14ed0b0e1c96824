package io.millrace.connect.http;

import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;

/** What a flow may say of its HTTP server. */
final class ServerFields {
    private ServerFields() {}

    static final Field<Integer> PORT = Field.of("port", Types.integer(0, 65535), "Port to listen on; 0: a free one.")
            .byDefault(0);
    static final Field<String> HOST =
            Field.of("host", Types.string(), "Address to listen on.").byDefault("127.0.0.1");
    static final Field<String> FILES = Field.of(
                    "files",
                    Types.string(),
                    "Folder whose files are served, read only; index.html stands for a folder.")
            .example("${$run.dir}/site");
    private static final Spec AUTH_OBJECT = Spec.object("auth", "basic or bearer")
            .fields(ClientFields.BASIC, ClientFields.BEARER)
            .exclusive(ClientFields.BASIC, ClientFields.BEARER)
            .done();
    static final Field<Settings> AUTH =
            Field.of("auth", Types.object(AUTH_OBJECT), "What requests must sign in with: basic or bearer.");
}
