package io.millrace.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in the jar and their way to the disk. */
class ArchiveTest {
    @TempDir
    Path folder;

    @Test
    void names_the_archive_of_each_platform() {
        assertThat(Archive.resource("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
        assertThat(Archive.resource("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
        assertThat(Archive.resource("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
    }

    @Test
    void a_platform_that_the_jar_lacks_is_told_the_profile_and_the_uri() {
        assertThatThrownBy(() -> Archive.named("postgres-linux-sparc.txz"))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("no PostgreSQL for linux-sparc")
                .hasMessageContaining("-Plinux-arm64")
                .hasMessageContaining("--store postgresql://");
    }

    @Test
    void two_that_unpack_at_once_end_with_one_whole_folder() throws Exception {
        Archive archive = Archive.forThisMachine();
        CompletableFuture<Binaries> other =
                CompletableFuture.supplyAsync(() -> Binaries.obtain(archive, List.of(folder)));

        Binaries own = Binaries.obtain(archive, List.of(folder));

        assertThat(other.get()).isEqualTo(own);
        assertThat(own.major()).isEqualTo(18);
        assertThat(Path.of(own.program("postgres"))).isExecutable();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(own.root());
        }
    }

    @Test
    void a_cache_that_cannot_be_made_gives_way_to_the_next() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path programs = Files.createDirectories(
                folder.resolve("next/postgres-" + Archive.forThisMachine().fingerprint()));
        Path catalog =
                Files.createDirectories(programs.resolve("share/postgresql")).resolve("postgres.bki");
        Files.writeString(catalog, "# PostgreSQL 18\n");

        Binaries binaries =
                Binaries.obtain(Archive.forThisMachine(), List.of(file.resolve("cache"), folder.resolve("next")));

        assertThat(binaries.root()).isEqualTo(programs);
    }
}
