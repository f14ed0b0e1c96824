package io.millrace.engine.stage;

import io.millrace.engine.item.Held;
import io.millrace.engine.item.Item;
import io.millrace.spi.Variables;

/** A sink that is written when roots are complete: until then, what is meant for it is held with its root. Any thread. */
public interface Vault {
    /**
     * What is to be held of an item.
     *
     * @throws io.millrace.spi.Failure if the sink cannot take it, whatever else there is
     */
    Held encode(Item item, Variables variables);
}
