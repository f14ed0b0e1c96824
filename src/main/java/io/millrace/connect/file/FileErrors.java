package io.millrace.connect.file;

import io.millrace.spi.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** What the file system's exceptions mean, in words. */
final class FileErrors {
    private FileErrors() {}

    /** "cannot read urls.txt in /work: no such file". */
    static Failure of(String verb, String path, Path directory, IOException e) {
        String place = Path.of(path).isAbsolute() ? path : path + " in " + directory;
        return of("cannot " + verb + " " + place, e);
    }

    static Failure of(String what, IOException e) {
        return Failure.build(kind(e), what + ": " + reason(e))
                .code(code(e))
                .cause(e)
                .done();
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (e instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (e instanceof EOFException) {
            return "the file ends in the middle of its compressed data";
        }
        return e instanceof FileSystemException fs && fs.getReason() != null
                ? fs.getReason()
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** A full disk may be emptied: worth another try. The rest will not mend itself. */
    static boolean isDiskFull(IOException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("No space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }

    private static Failure.Kind kind(IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            return Failure.Kind.BAD_DATA;
        }
        return isDiskFull(e) ? Failure.Kind.UNREACHABLE : Failure.Kind.REJECTED;
    }

    private static String code(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "ENOENT";
        }
        if (e instanceof AccessDeniedException) {
            return "EACCES";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "EEXIST";
        }
        return isDiskFull(e) ? "ENOSPC" : "EIO";
    }
}
