package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The paths of a server that stages listen on. Any thread. */
final class Routes {
    /** Paths with a rest of any length come after all others. */
    private static final int REST = 10_000;

    /**
     * One stage's.
     *
     * @param shape the path, with what its parts are called left out: two of one shape are the same
     * @param methods none for any
     */
    private record Claim(String stage, String path, String shape, List<String> methods) {
        boolean meets(Claim other) {
            return shape.equals(other.shape) && (methods.isEmpty() || other.methods.isEmpty() || shares(other));
        }

        private boolean shares(Claim other) {
            return methods.stream().anyMatch(other.methods::contains);
        }

        boolean matches(String requested) {
            return Pattern.matches(shape.replace(":", "[^/]+").replace("*", ".*"), requested);
        }
    }

    private final Router router;
    private final List<Claim> claims = new ArrayList<>();

    Routes(Router router) {
        this.router = router;
        router.errorHandler(405, this::notThisMethod);
    }

    /** Gives requests to a stage. Throws {@link Failure} where another stage takes them already. */
    synchronized void add(String stage, String path, List<String> methods, Handler<RoutingContext> handler) {
        Claim claim = new Claim(stage, path, path.replaceAll(":[A-Za-z0-9_]+", ":"), methods);
        claims.stream().filter(claim::meets).findFirst().ifPresent(other -> {
            throw Failure.badData((methods.isEmpty() ? "" : String.join(" ", methods) + " ") + path
                    + " is taken by the stage \"" + other.stage() + "\" already (" + other.path()
                    + "). Choose another \"path\", other \"methods\", or another \"server\".");
        });
        claims.add(claim);
        Route route = router.route(path).order(order(path));
        methods.forEach(method -> route.method(HttpMethod.valueOf(method)));
        route.handler(handler);
    }

    /** What is more particular is asked first, whatever the order of the stages. */
    private static int order(String path) {
        int varying = (int) path.chars().filter(c -> c == ':').count();
        return path.endsWith("*") ? REST - path.length() : varying;
    }

    private synchronized void notThisMethod(RoutingContext at) {
        TreeSet<String> allowed = new TreeSet<>();
        claims.stream()
                .filter(claim -> claim.matches(at.normalizedPath()))
                .forEach(claim -> allowed.addAll(claim.methods()));
        at.response()
                .putHeader("allow", String.join(", ", allowed))
                .setStatusCode(405)
                .end();
    }
}
