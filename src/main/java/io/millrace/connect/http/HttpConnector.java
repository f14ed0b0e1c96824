package io.millrace.connect.http;

import com.google.auto.service.AutoService;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Field;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import java.util.List;

/** Requests, the clients they go through, and servers. */
@AutoService(Connector.class)
public final class HttpConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                new RequestStep(),
                new HttpSourceType(),
                new SitemapSourceType(),
                new ClientResource(),
                new ServerResource(),
                new RequestSource());
    }

    /** The step {@code http}. */
    static final class RequestStep implements StepType {
        private static final Spec SPEC = Spec.step("http", "Sends an HTTP request and returns the answer.")
                .hasEffects()
                .main(StepFields.URL)
                .fields(
                        StepFields.METHOD,
                        StepFields.QUERY,
                        StepFields.HEADERS,
                        StepFields.BODY,
                        StepFields.FORM,
                        StepFields.MULTIPART,
                        StepFields.EXPECT,
                        StepFields.READ,
                        StepFields.SAVE,
                        StepFields.EXISTS,
                        StepFields.SHA256)
                .uses("http", StepFields.CLIENT)
                .exclusive(StepFields.BODY, StepFields.FORM)
                .exclusive(StepFields.BODY, StepFields.MULTIPART)
                .exclusive(StepFields.FORM, StepFields.MULTIPART)
                .rule(StepFields::urlRule)
                .rule(StepFields::saveRule)
                .returns(
                        "{status, headers, body, url, bytes, elapsedMs}; with save: {status, headers, path, bytes, sha256, url,"
                                + " elapsedMs}, or {path, bytes, sha256} where the file was there")
                .note(
                        "headers are by lower-case name; a repeated one is joined by commas, set-cookie is a list. url is the"
                                + " last one after redirects. bytes counts the body as it is after decompression.")
                .note(
                        "A status of 400 or more fails as REJECTED, with the beginning of the body in .error.body; 408, 425, 429"
                                + " and 5xx are retryable. No connection is UNREACHABLE, a body over the client's maxBody is LIMIT,"
                                + " JSON that was promised and is none is BAD_DATA.")
                .note(
                        "A 429 or 503 with Retry-After pauses the host, for 60 s at most, and the request is sent again: five times,"
                                + " and not counted as attempts.")
                .note(
                        "exists: resume continues a .part file only if the server's ETag or Last-Modified is still the same.")
                .example(Examples.STEP)
                .done();

        @Override
        public Spec spec() {
            return SPEC;
        }

        @Override
        public Step build(Settings settings, Assembly assembly) {
            return new HttpStep(settings, assembly);
        }
    }

    /** The resource {@code http}. */
    static final class ClientResource implements ResourceType {
        private static final Spec SPEC = Spec.resource(
                        "http", "An HTTP client: limits, timeouts, sign-in and cookies that requests share.")
                .fields(ClientFields.ALL.toArray(new Field<?>[0]))
                .rule(ClientFields::proxyRule)
                .note("Without one, requests go through a client with these defaults.")
                .note("One client serves all instances of all stages: its limits hold for the run.")
                .note(
                        "With robots, robots.txt of each origin is read once a day, before its first request and after a redirect to it. What it"
                                + " forbids fails as REJECTED, and is not retryable; its crawl-delay, up to 30 s, spaces the requests to that"
                                + " host. Where there is none (4xx) all is allowed; where it cannot be had, requests fail as UNREACHABLE, and"
                                + " it is asked for again after 5 s.")
                .example(Examples.CLIENT)
                .done();

        @Override
        public Spec spec() {
            return SPEC;
        }

        @Override
        public Resource build(Settings settings, Assembly assembly) {
            return new Client(settings, assembly);
        }
    }

    /** The resource {@code http-server}. */
    static final class ServerResource implements ResourceType {
        private static final Spec SPEC = Spec.resource(
                        "http-server", "An HTTP server: for sources that listen, and for the files of a folder.")
                .fields(ServerFields.PORT, ServerFields.HOST, ServerFields.FILES, ServerFields.AUTH)
                .returns("{url, host, port}: what $resources.<name> holds")
                .note("What it serves of a folder comes after the paths on which sources listen.")
                .note("Files whose name begins with a dot are not served.")
                .example(Examples.SERVER)
                .done();

        @Override
        public Spec spec() {
            return SPEC;
        }

        @Override
        public Resource build(Settings settings, Assembly assembly) {
            return new FileServer(settings, assembly);
        }
    }

    /** The source {@code http-server}. */
    static final class RequestSource implements SourceType {
        private static final Spec SPEC = Spec.source(
                        "http-server", "Listens for HTTP requests; steps answer them with `reply`.")
                .main(ListenFields.PATH)
                .fields(
                        ListenFields.METHODS,
                        ListenFields.REPLY_TIMEOUT,
                        ListenFields.BODY_TIMEOUT,
                        ListenFields.MAX_BODY,
                        ListenFields.BACKLOG)
                .uses("http-server", ListenFields.SERVER)
                .rule(ListenFields::pathRule)
                .confirms()
                .returns(
                        "`{method, path, params, query, headers, body}`; the other side is `$meta.peer`, `{host, port}`")
                .note(
                        "headers are by lower-case name; a query parameter or form field that comes several times is a list. body is"
                                + " a JSON value for JSON types, an object of fields for forms, text for text, null for none, else base64;"
                                + " a file of a form is `{filename, contentType, bytes, body}`.")
                .note(
                        "A request that no step answers gets 204 when all that it became has ended, 500 `{kind, message}` when some of"
                                + " it failed for good, 504 at replyTimeout. The item goes on after a 504, and when the client has gone; its"
                                + " reply is then left out.")
                .note(
                        "These never reach the flow: 400 for a body that is not what its content type says, 404 and 405, 408 at"
                                + " bodyTimeout, 413 over maxBody, 415 for a compressed body, 503 with Retry-After beyond backlog and while the"
                                + " run comes to its end.")
                .note(
                        "Where no http-server resource is declared, one is opened on a free port of 127.0.0.1; the log says which.")
                .note(
                        "A path without a varying part is asked before one with; two stages cannot take the same requests.")
                .example(Examples.LISTEN)
                .done();

        @Override
        public Spec spec() {
            return SPEC;
        }

        @Override
        public Source build(Settings settings, Assembly assembly) {
            return new ListenSource(settings, assembly);
        }
    }
}
