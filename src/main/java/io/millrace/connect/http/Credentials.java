package io.millrace.connect.http;

import io.millrace.spi.Settings;
import io.vertx.core.Future;
import java.util.Optional;

/** How a client signs its requests. Used from several event loops. */
interface Credentials {
    /** Gets what is needed before the first request. */
    default Future<Void> open() {
        return Future.succeededFuture();
    }

    /** The value of the header {@code authorization}. */
    Optional<String> header();

    /**
     * The server refused the header: completes with whether another one is at hand.
     *
     * @param refused the value that was sent
     */
    default Future<Boolean> renew(String refused) {
        return Future.succeededFuture(false);
    }

    /** None of them, or a fixed header, or tokens that are fetched. */
    static Credentials of(Settings client, Client sender) {
        Optional<Settings> auth = client.find(ClientFields.AUTH);
        Optional<Settings> basic = auth.flatMap(a -> a.find(ClientFields.BASIC));
        Optional<Settings> oauth2 = auth.flatMap(a -> a.find(ClientFields.OAUTH2));
        if (oauth2.isPresent()) {
            return new Tokens(oauth2.get(), sender);
        }
        Optional<String> fixed = basic.map(
                        b -> Client.basic(b.get(ClientFields.USER) + ":" + b.get(ClientFields.PASSWORD)))
                .or(() -> auth.flatMap(a -> a.find(ClientFields.BEARER)).map(token -> "Bearer " + token));
        return () -> fixed;
    }
}
