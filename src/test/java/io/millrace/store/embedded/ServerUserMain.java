package io.millrace.store.embedded;

import java.io.OutputStream;
import java.nio.file.Path;

/** A process that uses the server of the state directory in its argument until its standard input ends. */
final class ServerUserMain {
    private ServerUserMain() {}

    public static void main(String[] args) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]))) {
            EmbeddedPostgres.Address address = postgres.address();
            System.out.println("ready " + address.socketDir() + " " + address.password());
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (EmbeddedPostgresException e) {
            System.out.println("failed " + e.getMessage().replace("\n", " / "));
        }
    }
}
