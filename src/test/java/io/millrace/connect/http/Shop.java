package io.millrace.connect.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An API with pages, by page number, offset, cursor, link, and as streams; it keeps what it was asked. Its records are numbers. */
final class Shop {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<MultiMap> headers = new CopyOnWriteArrayList<>();
    private final List<Integer> records;
    private final int size;
    private volatile Predicate<HttpServerRequest> trouble = request -> false;

    /** @param size how many records a page has */
    Shop(int count, int size) {
        this.records =
                new CopyOnWriteArrayList<>(IntStream.range(0, count).boxed().toList());
        this.size = size;
    }

    /** Requests of that kind are answered with 503. */
    void trouble(Predicate<HttpServerRequest> such) {
        trouble = such;
    }

    void remove(Integer... those) {
        records.removeAll(List.of(those));
    }

    /** URIs, in order; from now on they are kept anew. */
    List<String> asked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    List<MultiMap> headers() {
        return headers;
    }

    void answer(HttpServerRequest request) {
        asked.add(request.uri());
        headers.add(request.headers());
        if (trouble.test(request)) {
            request.response().setStatusCode(503).end();
            return;
        }
        switch (request.path().replaceAll(".*/", "")) {
            case "pages":
                json(request, list(number(request, "page", 1) - 1));
                break;
            case "offsets":
                json(request, list(number(request, "offset", 0) / size));
                break;
            case "cursors":
                cursor(request);
                break;
            case "links":
                link(request);
                break;
            case "lines":
                lines(request);
                break;
            default:
                request.response().setStatusCode(404).end();
        }
    }

    private static int number(HttpServerRequest request, String parameter, int otherwise) {
        String text = request.getParam(parameter);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private List<Integer> page(int index) {
        return new ArrayList<>(
                records.subList(Math.min(index * size, records.size()), Math.min((index + 1) * size, records.size())));
    }

    private String list(int index) {
        return page(index).toString();
    }

    private boolean isLast(int index) {
        return (index + 1) * size >= records.size();
    }

    /** The cursor says nothing to others. */
    private void cursor(HttpServerRequest request) {
        String given = request.getParam("cursor");
        int index = given == null ? 0 : Integer.parseInt(given.replace("c/", ""));
        String next = isLast(index) ? "null" : "\"c/" + (index + 1) + "\"";
        json(request, "{\"rows\": " + list(index) + ", \"cursor\": " + next + "}");
    }

    private void link(HttpServerRequest request) {
        int index = number(request, "at", 0);
        if (!isLast(index)) {
            String key = request.getParam("key") == null ? "" : "key=" + request.getParam("key") + "&";
            request.response()
                    .putHeader("link", "<" + request.path() + "?" + key + "at=" + (index + 1) + ">; rel=\"next\"");
        }
        json(request, list(index));
    }

    /** With lines that are none. */
    private void lines(HttpServerRequest request) {
        String body = page(number(request, "page", 1) - 1).stream()
                .map(n -> n % 7 == 3 ? "{broken " + n : "{\"n\":" + n + "}")
                .collect(Collectors.joining("\n"));
        request.response().putHeader("content-type", "application/jsonl").end(body);
    }

    private static void json(HttpServerRequest request, String body) {
        request.response().putHeader("content-type", "application/json").end(body);
    }
}
