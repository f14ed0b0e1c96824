package io.millrace.connect.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What makes bytes outlive a loss of power. Blocks. */
interface Disk {
    Disk REAL = new Disk() {};

    /** The content of the file, and its length, are on the disk for good. After a failure the handle must not be trusted again: the next call may lie. */
    default void force(FileChannel channel) throws IOException {
        channel.force(false);
    }

    /** The names in the folder are. Where a system has no such thing (Windows), its file system sees to it. */
    default void forceNames(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix") || !Files.isDirectory(folder)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Does all of it, on several threads: disks take many such requests at once. All has ended when it returns; the first failure is thrown. */
    static <T> List<T> all(List<Callable<T>> work) throws IOException {
        List<T> results = new ArrayList<>(work.size());
        if (work.size() == 1) {
            results.add(call(work.get(0)));
            return results;
        }
        List<Future<T>> futures = new ArrayList<>(work.size());
        work.forEach(one -> futures.add(Threads.POOL.submit(one)));
        IOException failed = null;
        for (Future<T> future : futures) {
            try {
                results.add(call(() -> get(future)));
            } catch (IOException e) {
                failed = failed == null ? e : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return results;
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static <T> T call(Callable<T> work) throws IOException {
        try {
            return work.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("interrupted", e);
        }
    }

    /** Shared by all sinks; its threads end when they have nothing to do. */
    final class Threads {
        private static final int COUNT = 16;
        private static final ThreadPoolExecutor POOL = make();

        private Threads() {}

        private static ThreadPoolExecutor make() {
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(COUNT, COUNT, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "millrace-disk");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
