package io.millrace.connect.http;

import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.List;
import java.util.function.IntPredicate;

/** Which statuses are answers and not failures. */
record Expect(IntPredicate statuses) {
    /** All but errors. */
    static final Expect NO_ERROR = new Expect(status -> status < 400);

    /** {@code "any"}, {@code "2xx"}, {@code 404}, or a list of them. */
    static final Type<Expect> TYPE = Types.oneOrMore(
                    Types.<IntPredicate>either(Types.integer(100, 599).map(Expect::exactly))
                            .or(Types.oneOf("status", "any", "1xx", "2xx", "3xx", "4xx", "5xx")
                                    .map(Expect::inClass)))
            .map(Expect::anyOf);

    private static IntPredicate exactly(int status) {
        return actual -> actual == status;
    }

    private static IntPredicate inClass(String word) {
        return word.equals("any") ? status -> true : status -> status / 100 == word.charAt(0) - '0';
    }

    private static Expect anyOf(List<IntPredicate> wanted) {
        return new Expect(status -> wanted.stream().anyMatch(one -> one.test(status)));
    }

    boolean accepts(int status) {
        return statuses.test(status);
    }
}
