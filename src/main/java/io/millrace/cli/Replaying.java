package io.millrace.cli;

import io.millrace.engine.Replay;
import io.millrace.flow.CheckedFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Makes a file of dead letters ready to be run again. Letters that fail anew go to a file of their own: where that has the same name, the
 * old one is renamed, so that no letter is lost, and none is run twice.
 */
record Replaying(Path here, Voice voice) {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    Replay of(Path file, Path letters, CheckedFlow flow) {
        if (flow.durable()) {
            throw UserError.usage("--replay: \"" + flow.name()
                    + "\" is durable: its dead letters are not in a file, but in the store with"
                    + " its runs. `millrace dead list " + flow.name() + "` shows them, `millrace dead replay "
                    + flow.name()
                    + " --all` sends them back. To run those of a file, remove \"durable\".");
        }
        Path from = here.resolve(file);
        try {
            Replay replay = Replay.of(from, flow.graph().stages());
            boolean same = Files.exists(here.resolve(letters)) && Files.isSameFile(from, here.resolve(letters));
            Path kept = same ? aside(from) : from;
            if (same) {
                Files.move(from, kept);
            }
            tell(replay, file, same ? kept.getFileName().toString() : "");
            return replay.in(kept);
        } catch (Replay.Unusable wrong) {
            throw UserError.usage("--replay: " + wrong.getMessage());
        } catch (NoSuchFileException e) {
            throw UserError.usage("--replay: there is no file " + file + ".");
        } catch (IOException e) {
            throw UserError.usage("--replay: " + file + " cannot be read: " + e.getMessage());
        }
    }

    private void tell(Replay replay, Path file, String renamed) {
        voice.line("replaying " + Words.count(replay.count(), "dead letter") + " of " + file
                + (renamed.isEmpty() ? "" : ", which is now " + renamed)
                + (replay.unreadable() == 0
                        ? ""
                        : "; " + Words.count(replay.unreadable(), "record")
                                + " that a source could not read cannot be run: mend the source's file"));
    }

    /** {@code shop.dead.jsonl} becomes {@code shop.dead.20261120-131500.jsonl}. */
    private static Path aside(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        String stem = name.substring(0, dot) + "." + STAMP.format(LocalDateTime.now());
        Path free = file.resolveSibling(stem + name.substring(dot));
        for (int n = 2; Files.exists(free); n++) {
            free = file.resolveSibling(stem + "-" + n + name.substring(dot));
        }
        return free;
    }
}
