package io.millrace.flow;

import io.millrace.spi.Block;
import java.util.List;

/** A list of steps, read and checked. */
public record Steps(List<StepDef> list) implements Block {
    public static final Steps NONE = new Steps(List.of());

    public Steps {
        list = List.copyOf(list);
    }

    @Override
    public int size() {
        return list.size();
    }
}
