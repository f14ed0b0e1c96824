package io.millrace.engine.queue;

import org.jspecify.annotations.Nullable;

/** What travels on a lane. */
final class Messages {
    private Messages() {}

    /** A sender wants room for items, and holds credit for so many bytes. */
    record Hungry(int sender, String replyTo, int wanted, long bytesHeld) {}

    /** A receiver gives room. */
    record Grant(int receiver, int items, long bytes) {}

    /** A sender gives room back that it has no use for. */
    record Return(int items, long bytes) {}

    /**
     * Items.
     *
     * @param seq counts the chunks of a lane from 0: a gap is a mistake of ours
     * @param forced whether they came without credit
     * @param wish what the sender wants besides, or null
     */
    record Chunk(
            int sender,
            long seq,
            Object[] items,
            boolean forced,
            @Nullable Hungry wish) {}
}
