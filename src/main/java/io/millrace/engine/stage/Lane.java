package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.spi.Failure;

/** The way of one instance into its stage's sink. */
interface Lane {
    /** What becomes of an item that the sink has refused. */
    interface Refusal {
        void refused(Item item, Failure failure);

        /** Nobody reads the output any more. */
        void closed();

        /** Items are written. */
        void settled();
    }

    /** Takes an item; false if there is no room now, or others wait for it. */
    boolean offer(Item item);

    /** Takes an item as soon as there is room, in the order of the calls, and then runs the task. */
    void await(Item item, Runnable placed);

    /** Does not wait for more: nothing more is on its way. */
    void hurry();

    /** Gives up what cannot be written. */
    void abort();
}
