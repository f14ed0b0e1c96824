package io.millrace.engine.durable;

import io.millrace.testkit.sim.SimWorld;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of one host. What was forced to it stays; of what was only written a power cut leaves a part, with rubbish in it; a process that ends
 * leaves all.
 */
final class Disk {
    private static final int RUBBISH = 20;

    /** One file, under its last name or beside it. */
    static final class Entry {
        private final StringBuilder bytes = new StringBuilder();
        private int forced;
        private boolean named;
        private boolean nameForced;

        int length() {
            return bytes.length();
        }

        /** So many bytes are on the disk for good. */
        int forced() {
            return forced;
        }

        boolean isNamed() {
            return named;
        }

        String read(int from, int to) {
            return bytes.substring(from, to);
        }

        void append(String more) {
            bytes.append(more);
        }

        void cut(int length) {
            bytes.setLength(length);
            forced = Math.min(forced, length);
        }

        void force() {
            forced = bytes.length();
        }

        void name() {
            named = true;
        }

        void forceName() {
            named = true;
            nameForced = true;
        }

        /** Sums up the end of what lies before the length. */
        int crc(int length) {
            return bytes.substring(Math.max(0, length - 64), length).hashCode();
        }
    }

    private final Map<String, Entry> files = new TreeMap<>();
    private final Map<String, SimWorld.Machine> locks = new TreeMap<>();

    @Nullable
    Entry find(String path) {
        return files.get(path);
    }

    /** A new file, in the place of any other. */
    Entry create(String path) {
        Entry made = new Entry();
        files.put(path, made);
        return made;
    }

    Map<String, Entry> files() {
        return files;
    }

    /** Whether the process alone may write there now. */
    boolean lock(String directory, SimWorld.Machine by) {
        SimWorld.Machine holder = locks.get(directory);
        if (holder != null && holder != by && !holder.isDead()) {
            return false;
        }
        locks.put(directory, by);
        return true;
    }

    void cutPower(SplittableRandom random) {
        files.values().forEach(file -> {
            int tail = file.length() - file.forced;
            if (tail > 0) {
                file.bytes.setLength(file.forced + random.nextInt(tail + 1));
                if (random.nextBoolean()) {
                    file.bytes.append("\0".repeat(random.nextInt(RUBBISH)));
                }
            }
            file.named = file.nameForced || (file.named && random.nextBoolean());
        });
    }
}
