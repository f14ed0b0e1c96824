package io.millrace.testkit;

import io.millrace.spi.DatabaseAddress;
import io.millrace.testkit.ModelStore.Cut;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stands before a PostgreSQL on a Unix socket, and breaks lines at the worst moment. Two threads for each line. */
public final class CuttingProxy implements AutoCloseable {
    private static final String COMMIT = "COMMIT\0";
    private static final String MOVE = "DELETE FROM millrace.inc";

    private static final String SIT = "UPDATE millrace.hold SET no = no + 1";

    private final DatabaseAddress server;
    private final ServerSocketChannel door;
    private final AtomicReference<@Nullable Cut> next = new AtomicReference<>();
    private final CopyOnWriteArrayList<Channel> open = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Link> links = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> release = CompletableFuture.completedFuture(null);
    private volatile String marker = COMMIT;
    private volatile boolean hiding;
    private volatile boolean refusing;
    private volatile Duration delay = Duration.ZERO;

    public CuttingProxy(DatabaseAddress server) {
        this.server = server;
        try {
            door = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** The server's address, through the proxy. */
    public DatabaseAddress address() {
        try {
            int port = ((InetSocketAddress) door.getLocalAddress()).getPort();
            return new DatabaseAddress("127.0.0.1", port, server.user(), server.password(), server.database());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next COMMIT breaks its line. A late one arrives when the client moves to a new incarnation. */
    public void cut(Cut how) {
        cut(how, COMMIT);
    }

    /** The next message with this in it breaks its line. */
    public void cut(Cut how, String text) {
        marker = text;
        if (how == Cut.COMMIT_LATE) {
            release = new CompletableFuture<>();
        }
        next.set(how);
    }

    /** The next COMMIT breaks its line, and arrives when {@link #release} is called. */
    public void hold() {
        cut(Cut.COMMIT_LATE);
        held = true;
    }

    /** The same for the next message with this in it. */
    public void hold(String text) {
        cut(Cut.COMMIT_LATE, text);
        held = true;
    }

    /** Whether a message waits to be released, or was. */
    public boolean isHolding() {
        return next.get() == null;
    }

    /** Whether the server has answered to a message that was held, which nobody hears. */
    public boolean isAnswered() {
        return answered;
    }

    private volatile boolean answered;
    private volatile boolean held;

    public void release() {
        release.complete(null);
    }

    /** Lines made from now on tell a wrong process id, as poolers do. */
    public void hidePids() {
        hiding = true;
    }

    /** The lines that there are carry nothing any more, and stay open. */
    public void blackHole() {
        links.forEach(link -> link.dead = true);
    }

    /** The server's ends of the lines that there are close; the clients hear nothing of it. */
    public void halfOpen() {
        links.forEach(link -> {
            link.dead = true;
            shut(link.postgres);
        });
    }

    /** The lines that there are close. */
    public void drop() {
        links.forEach(link -> {
            shut(link.client);
            shut(link.postgres);
        });
    }

    /** Whatever a client sends arrives so much later; zero for at once. */
    public void slow(Duration value) {
        delay = value;
    }

    /** New lines are closed at once, until told otherwise. */
    public void refuse(boolean value) {
        refusing = value;
    }

    @Override
    public void close() {
        release.complete(null);
        shut(door);
        open.forEach(CuttingProxy::shut);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = door.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            shut(door);
        }
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel postgres;
        try {
            postgres =
                    SocketChannel.open(UnixDomainSocketAddress.of(Path.of(server.host(), ".s.PGSQL." + server.port())));
        } catch (IOException e) {
            client.close(); // the server is down
            return;
        }
        open.add(client);
        open.add(postgres);
        Link link = new Link(client, postgres);
        links.add(link);
        start(link::forth);
        start(link::back);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void shut(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Link {
        private final SocketChannel client;
        private final SocketChannel postgres;
        private volatile boolean deaf;
        private volatile boolean dead;
        private volatile boolean late;
        private boolean hidden = !hiding;

        Link(SocketChannel client, SocketChannel postgres) {
            this.client = client;
            this.postgres = postgres;
        }

        /** From client to server. */
        void forth() {
            try {
                for (Optional<ByteBuffer> chunk = read(client); chunk.isPresent(); chunk = read(client)) {
                    String text = text(chunk.get());
                    Cut cut = text.contains(marker) ? next.getAndSet(null) : null;
                    if (cut != null) {
                        breakAt(cut, chunk.get());
                        return;
                    }
                    linger();
                    if (!dead) {
                        write(postgres, chunk.get());
                    }
                    if ((text.contains(MOVE) || text.contains(SIT)) && !held) {
                        release.complete(null);
                    }
                }
            } catch (IOException e) {
                shut(dead ? postgres : client);
            }
            shut(postgres);
        }

        /** In a thread that does nothing else. */
        private void linger() {
            LockSupport.parkNanos(delay.toNanos());
        }

        private void breakAt(Cut cut, ByteBuffer commit) throws IOException {
            switch (cut) {
                case COMMIT_LOST -> {
                    shut(client);
                    shut(postgres);
                }
                case ANSWER_LOST -> {
                    deaf = true;
                    write(postgres, commit);
                }
                case COMMIT_LATE -> {
                    shut(client);
                    release.join();
                    late = true;
                    write(postgres, commit);
                }
            }
        }

        /** From server to client. */
        void back() {
            try {
                for (Optional<ByteBuffer> chunk = read(postgres); chunk.isPresent(); chunk = read(postgres)) {
                    if (deaf) {
                        break;
                    }
                    answered |= late;
                    if (!dead && client.isOpen()) {
                        write(client, hide(chunk.get()));
                    }
                }
            } catch (IOException e) {
                shut(postgres);
            }
            if (!dead) {
                shut(client);
            }
            links.remove(this);
        }

        /** Changes the process id in BackendKeyData. */
        private ByteBuffer hide(ByteBuffer chunk) {
            int at = hidden ? -1 : text(chunk).indexOf("K\0\0\0\u000c");
            if (at >= 0) {
                hidden = true;
                chunk.putInt(at + 5, chunk.getInt(at + 5) + 1);
            }
            return chunk;
        }

        private Optional<ByteBuffer> read(SocketChannel from) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            return from.read(buffer) < 0 ? Optional.empty() : Optional.of(buffer.flip());
        }

        private void write(SocketChannel to, ByteBuffer chunk) throws IOException {
            while (chunk.hasRemaining()) {
                to.write(chunk);
            }
        }

        private String text(ByteBuffer chunk) {
            return new String(chunk.array(), 0, chunk.limit(), StandardCharsets.ISO_8859_1);
        }
    }
}
