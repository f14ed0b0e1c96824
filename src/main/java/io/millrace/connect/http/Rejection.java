package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;

/** A status that is no answer, as a failure: with the status, whether it may pass, and the beginning of the body. */
final class Rejection {
    private Rejection() {}

    /** @param pauses how many pauses the server asked for, and got */
    static Failure of(Outbound request, Exchange.Received received, int pauses) {
        HttpClientResponse response = received.response();
        int status = response.statusCode();
        boolean passing = status == 408 || status == 425 || status == 429 || status >= 500;
        String phrase =
                response.statusMessage() == null || response.statusMessage().isEmpty()
                        ? ""
                        : " " + response.statusMessage();
        String again = pauses == 0 ? "" : ", still after " + pauses + " pauses it asked for";
        return Failure.build(Kind.REJECTED, request + " answered " + status + phrase + again)
                .status(status)
                .retryable(passing)
                .retryAfterMs(RetryAfter.of(response).map(Duration::toMillis).orElse(0L))
                .body(excerpt(received))
                .done();
    }

    private static String excerpt(Exchange.Received received) {
        HttpClientResponse response = received.response();
        byte[] bytes = received.sink() instanceof MemoryBody body ? body.bytes() : new byte[0];
        try {
            byte[] plain = Decoding.decode(
                    bytes, Fetch.header(response, HttpHeaders.CONTENT_ENCODING), 16 * Fetch.EXCERPT, "");
            return Charsets.decode(plain, Fetch.header(response, HttpHeaders.CONTENT_TYPE));
        } catch (Failure undecodable) {
            return "";
        }
    }
}
