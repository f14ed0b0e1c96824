package io.millrace.spi;

/**
 * A name in a flow that stands for something declared elsewhere in it.
 *
 * @param to what it names
 * @param kind for a resource its kind, as {@code http}; otherwise empty
 * @param name the name
 */
public record Reference(To to, String kind, String name) {
    /** What can be named. */
    public enum To {
        STAGE("stage"),
        RESOURCE("resource"),
        FUNCTION("function"),
        WORKERS("worker pool");

        private final String noun;

        To(String noun) {
            this.noun = noun;
        }

        public String noun() {
            return noun;
        }
    }
}
