package io.millrace.connect.jar;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The open jars of a run: one loader each, closed when its last user has gone. Any thread. */
final class JarLoaders {
    private static final class Open {
        private final JarLoader loader;
        private int users;

        Open(JarLoader loader) {
            this.loader = loader;
        }
    }

    private final Map<Path, Open> open = new HashMap<>();

    synchronized JarLoader take(Path jar) {
        Open of = open.computeIfAbsent(jar, path -> new Open(new JarLoader(path)));
        of.users++;
        return of.loader;
    }

    synchronized void giveBack(Path jar) throws IOException {
        Open of = open.get(jar);
        if (of != null && --of.users == 0) {
            open.remove(jar);
            of.loader.close();
        }
    }
}
