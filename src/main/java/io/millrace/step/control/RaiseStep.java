package io.millrace.step.control;

import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.Optional;

/** Fails on purpose. */
final class RaiseStep implements StepType {
    private static final Field<Dynamic<String>> MESSAGE = Field.of(
                    "message", Types.dynamic(Types.string()), "What is wrong, for people.")
            .required()
            .example("order ${.id} has no lines");
    private static final Field<Failure.Kind> KIND = Field.of(
                    "kind",
                    Types.oneOf("kind of failure", kinds()).map(Failure.Kind::valueOf),
                    "What kind of failure it is.")
            .byDefault("BAD_DATA");
    private static final Field<Dynamic<String>> CODE =
            Field.of("code", Types.dynamic(Types.string()), "A code for programs, as `.error.code`.");
    private static final Spec SPEC = Spec.step("raise", "Fails on purpose.")
            .main(MESSAGE)
            .fields(KIND, CODE)
            .result(Spec.Result.NOTHING)
            .note("TIMEOUT and UNREACHABLE are tried again where `retry` says so; the others are not.")
            .example(
                    "{\"source\": {\"range\": 3}, \"steps\": [{\"raise\": \"${.value} is odd\", \"when\": \".value % 2 == 1\", "
                            + "\"onError\": [{\"set\": {\"why\": \"${.error.message}\"}}]}]}")
            .done();

    private static String[] kinds() {
        return Arrays.stream(Failure.Kind.values()).map(Enum::name).toArray(String[]::new);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<String> message = settings.get(MESSAGE);
        Optional<Dynamic<String>> code = settings.find(CODE);
        Failure.Kind kind = settings.get(KIND);
        return frame -> Future.failedFuture(failure(kind, message.get(frame), code, frame));
    }

    private static Failure failure(Failure.Kind kind, String message, Optional<Dynamic<String>> code, Frame frame) {
        return Failure.build(kind, message)
                .code(code.map(one -> one.get(frame)).orElse(null))
                .done();
    }
}
