package io.millrace.spi;

import java.util.List;

/** The components of one folder, found with {@link java.util.ServiceLoader}: annotate with {@code @AutoService(Connector.class)}. */
public interface Connector {
    List<Component> components();
}
