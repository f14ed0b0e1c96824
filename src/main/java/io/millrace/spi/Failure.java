package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a step, a record or a batch did not succeed. Immutable, without a stack trace of its own unless it is a {@link Kind#BUG}.
 *
 * <p>As {@code .error} in a flow it is {@code {kind, message, retryable, status, code, body, step, attempts, causes, errors}}.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Bytes of a response body that a failure keeps. */
    public static final int BODY_LIMIT = 4096;

    /** The field's standard classes of failure. */
    public enum Kind {
        TIMEOUT,
        UNREACHABLE,
        REJECTED,
        BAD_DATA,
        CANCELLED,
        LIMIT,
        BUG
    }

    private final Kind kind;
    private final boolean retryable;
    private final @Nullable Integer status;
    private final @Nullable String code;
    private final @Nullable String body;
    private final @Nullable String step;
    private final int attempts;
    private final transient List<Failure> errors;
    private final long retryAfterMs;
    private final transient Supplier<Duration> retryPermit;

    private Failure(Builder b) {
        super(b.message, b.cause, false, b.kind == Kind.BUG);
        this.kind = b.kind;
        this.retryable = b.retryable;
        this.status = b.status;
        this.code = b.code;
        this.body = b.body;
        this.step = b.step;
        this.attempts = b.attempts;
        this.errors = b.errors;
        this.retryAfterMs = b.retryAfterMs;
        this.retryPermit = b.retryPermit;
    }

    /** A failure of the kind, with a message for people. TIMEOUT and UNREACHABLE are retryable. */
    public static Failure of(Kind kind, String message) {
        return build(kind, message).done();
    }

    /** The same, with the exception behind it. */
    public static Failure of(Kind kind, String message, @Nullable Throwable cause) {
        return build(kind, message).cause(cause).done();
    }

    public static Failure badData(String message) {
        return of(Kind.BAD_DATA, message);
    }

    public static Builder build(Kind kind, String message) {
        return new Builder(kind, message);
    }

    /**
     * Any exception as a failure: itself when it is one, else a BUG that names the exception. A full heap is no item's failure: it goes to whoever looks after what
     * nobody has caught, and ends the process.
     */
    public static Failure from(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        if (thrown instanceof OutOfMemoryError) {
            uncaught(thrown);
        }
        return of(
                Kind.BUG,
                thrown.getMessage() == null
                        ? thrown.getClass().getSimpleName()
                        : thrown.getClass().getSimpleName() + ": " + thrown.getMessage(),
                thrown);
    }

    private static void uncaught(Throwable thrown) {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null) {
            handler.uncaughtException(Thread.currentThread(), thrown);
        }
    }

    public Kind kind() {
        return kind;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public boolean retryable() {
        return retryable;
    }

    /** HTTP status, if an answer came. */
    public @Nullable Integer status() {
        return status;
    }

    /** SQLSTATE or exit code. */
    public @Nullable String code() {
        return code;
    }

    /** How long the other side asked to wait, in milliseconds; 0 when it did not. */
    public long retryAfterMs() {
        return retryAfterMs;
    }

    /**
     * Takes the permit to try again from whoever spares the other side, and says how long the next attempt must wait for that, whatever its own
     * pause would be. To be asked once, when it has been decided that there is one.
     */
    public Duration takeRetryPermit() {
        return retryPermit.get();
    }

    /** Name or position of the step that failed; null until the runner has told. */
    public @Nullable String step() {
        return step;
    }

    public int attempts() {
        return attempts;
    }

    public List<Failure> errors() {
        return errors;
    }

    /** This failure, told where it happened; a place already told stays. */
    public Failure at(String place) {
        return step == null ? copy().step(place).done() : this;
    }

    public Failure withAttempts(int count) {
        return copy().attempts(count).done();
    }

    /** This failure, with those that came beside it. */
    public Failure withErrors(List<Failure> others) {
        return copy().errors(others).done();
    }

    /** This failure, with one more that came beside it. */
    public Failure beside(Failure other) {
        List<Failure> all = new ArrayList<>(errors);
        all.add(other);
        return withErrors(all);
    }

    /** This failure, with a permit that is to be taken before it is tried again. */
    public Failure withRetryPermit(Supplier<Duration> permit) {
        return copy().retryPermit(permit).done();
    }

    /** This failure, in other words. */
    public Failure saying(String words) {
        return copy(words).done();
    }

    private Builder copy() {
        return copy(message());
    }

    private Builder copy(String words) {
        Builder b = new Builder(kind, words);
        b.cause = getCause();
        b.retryable = retryable;
        b.status = status;
        b.code = code;
        b.body = body;
        b.step = step;
        b.attempts = attempts;
        b.errors = errors;
        b.retryAfterMs = retryAfterMs;
        b.retryPermit = retryPermit;
        return b;
    }

    /** The form that expressions and dead letters see. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", kind.name()).put("message", message()).put("retryable", retryable);
        json.put("status", status).put("code", code).put("body", body).put("step", step);
        json.put("attempts", attempts);
        if (getCause() != null) {
            Causes.of(this).forEach(json.putArray("causes")::add);
        }
        var list = json.putArray("errors");
        errors.forEach(error -> list.add(error.toJson()));
        json.properties().removeIf(entry -> entry.getValue().isNull());
        if (errors.isEmpty()) {
            json.remove("errors");
        }
        return json;
    }

    /** The value that stands in a result slot under {@code "errors": "return"}: {@code {"$error": {…}}}. */
    public JsonNode toErrorValue() {
        return JsonNodeFactory.instance.objectNode().set("$error", toJson());
    }

    /** Collects what is known of a failure. */
    public static final class Builder {
        private final Kind kind;
        private final String message;
        private @Nullable Throwable cause;
        private boolean retryable;
        private @Nullable Integer status;
        private @Nullable String code;
        private @Nullable String body;
        private @Nullable String step;
        private int attempts = 1;
        private List<Failure> errors = List.of();
        private long retryAfterMs;
        private Supplier<Duration> retryPermit = () -> Duration.ZERO;

        private Builder(Kind kind, String message) {
            this.kind = kind;
            this.message = message;
            this.retryable = kind == Kind.TIMEOUT || kind == Kind.UNREACHABLE;
        }

        public Builder cause(@Nullable Throwable value) {
            this.cause = value;
            return this;
        }

        public Builder retryable(boolean value) {
            this.retryable = value;
            return this;
        }

        public Builder status(int value) {
            this.status = value;
            return this;
        }

        public Builder code(@Nullable String value) {
            this.code = value;
            return this;
        }

        public Builder body(@Nullable String value) {
            this.body = value == null || value.length() <= BODY_LIMIT ? value : value.substring(0, BODY_LIMIT);
            return this;
        }

        public Builder step(String value) {
            this.step = value;
            return this;
        }

        public Builder attempts(int value) {
            this.attempts = value;
            return this;
        }

        public Builder errors(List<Failure> value) {
            this.errors = List.copyOf(value);
            return this;
        }

        public Builder retryAfterMs(long value) {
            this.retryAfterMs = value;
            return this;
        }

        /** See {@link Failure#takeRetryPermit}. */
        public Builder retryPermit(Supplier<Duration> value) {
            this.retryPermit = value;
            return this;
        }

        public Failure done() {
            return new Failure(this);
        }
    }
}
