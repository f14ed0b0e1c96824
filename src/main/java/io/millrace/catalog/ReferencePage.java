package io.millrace.catalog;

import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reference of one component, made of its declaration: for a terminal, or as Markdown. */
public final class ReferencePage {
    private static final int WIDTH = 100;

    private final Spec spec;
    private final List<SettingLine> settings;
    private final List<String> notes;

    public ReferencePage(Spec spec) {
        this.spec = spec;
        this.settings = SettingLine.of(spec);
        this.notes = notes(spec);
    }

    private static List<String> notes(Spec spec) {
        List<String> notes = new ArrayList<>(spec.notes());
        if (spec.replayable() && spec.replayableUnless().isEmpty()) { // else its own notes say when
            notes.add("In a durable flow it goes on where it stopped"
                    + spec.replayableWith()
                            .map(field -> ", if `" + field.name() + "` is set")
                            .orElse("")
                    + ".");
        }
        if (spec.transactional()) {
            notes.add(
                    "In a durable flow rows are written exactly once if the database is the flow's store, else at least once.");
        }
        if (spec.appendsTo().isPresent()) {
            notes.add("In a durable flow files hold each item exactly once.");
        }
        return notes;
    }

    /** Lines of up to 100 characters. */
    public String text() {
        List<String> page = new ArrayList<>();
        page.add(spec.name() + " (" + kind() + ")");
        page.addAll(Paragraph.wrapped(spec.summary(), 2, WIDTH));
        if (!settings.isEmpty()) {
            section(page, spec.whole() ? "Written as" : "Settings");
            table(page);
        }
        shortForm(page);
        if (!spec.returns().isEmpty()) {
            section(page, yields());
            page.addAll(Paragraph.wrapped(spec.returns(), 2, WIDTH));
        }
        if (!notes.isEmpty()) {
            section(page, "Notes");
            notes.forEach(note -> page.addAll(Paragraph.bullet(note, WIDTH)));
        }
        if (!spec.example().isEmpty()) {
            section(page, "Example");
            spec.example().lines().forEach(line -> page.add(("  " + line).stripTrailing()));
        }
        return String.join("\n", page) + "\n";
    }

    private void table(List<String> page) {
        int names =
                settings.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        int defaults = Math.min(
                24,
                settings.stream()
                        .mapToInt(line -> line.byDefault().length())
                        .max()
                        .orElse(0));
        int indent = 2 + names + 2 + defaults + 2;
        for (SettingLine line : settings) {
            String head = "  " + padded(line.name(), names) + "  " + padded(line.byDefault(), defaults) + "  ";
            List<String> right = new ArrayList<>(Paragraph.wrapped(line.meaning(), 0, WIDTH - indent));
            if (!line.type().isEmpty()) {
                right.addAll(Paragraph.wrapped("(" + line.type() + ")", 0, WIDTH - indent));
            }
            if (line.byDefault().length() > defaults) {
                page.add(head.stripTrailing());
                head = " ".repeat(indent);
            }
            page.add((head + right.get(0)).stripTrailing());
            right.stream().skip(1).forEach(rest -> page.add(" ".repeat(indent) + rest));
        }
    }

    private void shortForm(List<String> page) {
        spec.main().filter(main -> !spec.whole()).ifPresent(main -> {
            page.add("");
            page.addAll(Paragraph.wrapped("Short: " + shortForm(main.name()), 2, WIDTH));
        });
    }

    private String shortForm(String main) {
        return "{\"" + spec.name() + "\": …} means {\"" + spec.name() + "\": {\"" + main + "\": …}}.";
    }

    private static void section(List<String> page, String title) {
        page.add("");
        page.add(title);
    }

    /** For a guide: the same with a table. */
    public String markdown() {
        StringBuilder page = new StringBuilder("## " + spec.name() + " (" + kind() + ")\n\n" + spec.summary() + "\n");
        if (!settings.isEmpty()) {
            page.append("\n| setting | type | default | meaning |\n|---|---|---|---|\n");
            settings.forEach(line -> page.append(line.markdown()).append('\n'));
        }
        spec.main()
                .filter(main -> !spec.whole())
                .ifPresent(main -> page.append("\nShort: `")
                        .append(shortForm(main.name())
                                .replace(" means ", "` means `")
                                .replace("}}.", "}}`."))
                        .append('\n'));
        if (!spec.returns().isEmpty()) {
            page.append('\n')
                    .append(yields())
                    .append(" `")
                    .append(spec.returns())
                    .append("`\n");
        }
        if (!notes.isEmpty()) {
            page.append(notes.stream().map(note -> "- " + note).collect(Collectors.joining("\n", "\n", "\n")));
        }
        if (!spec.example().isEmpty()) {
            page.append("\n```jsonc\n").append(spec.example().strip()).append("\n```\n");
        }
        return page.toString();
    }

    private String yields() {
        return switch (spec.kind()) {
            case SOURCE -> "Yields";
            case RESOURCE -> "Shows as $resources.<name>";
            default -> "Returns";
        };
    }

    private String kind() {
        return spec.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
