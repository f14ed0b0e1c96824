package io.millrace.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The terminal of this process, by jline; it is asked through {@code stty}, so no native library is unpacked. Signals stay ours. */
final class SystemScreen implements Screen {
    private static final Logger LOG = LoggerFactory.getLogger(SystemScreen.class);

    private final Terminal terminal;
    private final Attributes before;
    private final Thread hook = new Thread(this::restore, "millrace-screen");

    private SystemScreen(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Optional<Screen> open() {
        try {
            return Optional.of(new SystemScreen(TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .providers("exec")
                    .nativeSignals(false)
                    .build()));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("there is no screen", e);
            return Optional.empty();
        }
    }

    @Override
    public int columns() {
        return terminal.getWidth();
    }

    @Override
    public int rows() {
        return terminal.getHeight();
    }

    @Override
    public int key(Duration wait) {
        try {
            int key = terminal.reader().read(Math.max(1, wait.toMillis()));
            return key < 0 ? NONE : key;
        } catch (IOException e) {
            return NONE;
        }
    }

    private void restore() {
        terminal.setAttributes(before);
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            terminal.close();
        } catch (IllegalStateException | IOException ending) {
            // the hook has done it, or there is no terminal any more
        }
    }
}
