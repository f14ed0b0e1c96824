package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The disk under the store and the files has no room left, for a while. A small file system of its own, which only root may mount. */
final class FullDisk implements Fault, AutoCloseable {
    private static final int MOST_SECONDS = 8;

    private final Path disk;
    private final Recovery recovery;

    /** @param disk an empty folder */
    FullDisk(Path disk, Recovery recovery) {
        this.disk = disk;
        this.recovery = recovery;
        command("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", disk.toString());
    }

    @Override
    public Optional<Program> strike(Site site, Program program, Random random) {
        recovery.begin(site, program);
        Path ballast = disk.resolve("ballast");
        try {
            fill(ballast);
            program.endsWithin(Duration.ofSeconds(1 + random.nextInt(MOST_SECONDS)));
            Files.delete(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        recovery.await(site, program, "full disk");
        return Optional.of(program);
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Override
    public void close() {
        command("umount", "-l", disk.toString());
    }

    private static void command(String... words) {
        try (Program program = Program.command(Path.of(System.getProperty("java.io.tmpdir")), words)) {
            assertThat(program.exitCode()).as(program::err).isZero();
        }
    }
}
