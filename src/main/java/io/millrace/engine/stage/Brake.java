package io.millrace.engine.stage;

import io.millrace.spi.Failure;

/** Holds back a stage whose items suddenly fail; shared by its instances. Any thread. */
public interface Brake {
    /** Never holds anything back. */
    Brake NONE = new Brake() {
        @Override
        public boolean holds() {
            return false;
        }

        @Override
        public void started() {}

        @Override
        public void succeeded() {}

        @Override
        public void undone() {}

        @Override
        public void failed(Failure failure) {}

        @Override
        public void whenFree(Runnable task) {}
    };

    /** Whether no item may start now. */
    boolean holds();

    /** An item starts. */
    void started();

    /** The steps of an item have succeeded. */
    void succeeded();

    /** An item that had {@link #succeeded} fails nevertheless: the sink refuses it. */
    void undone();

    /** An item has become a dead letter. */
    void failed(Failure failure);

    /** Runs the task whenever items may start again. */
    void whenFree(Runnable task);
}
