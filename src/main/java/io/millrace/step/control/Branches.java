package io.millrace.step.control;

import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Step;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lists of steps that run side by side: of an object, each under its name, or of a list.
 *
 * @param named whether they have names
 */
record Branches(boolean named, List<String> names, List<Block> blocks) {
    static Type<Branches> type() {
        Type<Block> steps = Types.steps(Block.Filter.REFUSED);
        return Types.<Branches>either(Types.list(steps).map(Branches::of))
                .or(Types.map(steps).map(Branches::of));
    }

    private static Branches of(List<Block> blocks) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            names.add("branch " + i);
        }
        return new Branches(false, List.copyOf(names), blocks);
    }

    private static Branches of(Map<String, Block> blocks) {
        return new Branches(true, List.copyOf(blocks.keySet()), List.copyOf(blocks.values()));
    }

    /** What a branch is called in a sentence. */
    String told(int branch) {
        return named ? "branch \"" + names.get(branch) + "\"" : names.get(branch);
    }

    int size() {
        return blocks.size();
    }

    List<Step> compile(Assembly assembly) {
        return blocks.stream().map(assembly::compile).toList();
    }
}
