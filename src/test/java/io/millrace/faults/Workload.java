package io.millrace.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Records whose fate is written on them, and the flow that lets it come true: in two stages, into a table and into a file.
 *
 * @param queued whether durable queues lie between the stages and before the file
 */
record Workload(List<Task> tasks, boolean queued) {
    static final String INPUT = "tasks.txt";
    static final String OUTPUT = "lines.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LETTERS = "abcxyz 0189\"\\'/{}$\téßπ漢\u2028\uD83D\uDE80";

    /** What becomes of a record. */
    enum Fate {
        /** All of its parts are written. */
        KEPT,
        /** Nothing. */
        FILTERED,
        /** It is a dead letter. */
        DEAD,
        /** Its second part is a dead letter of the second stage, the others are written. */
        HALF,
        /** The table refuses its first part, the file takes all. */
        REFUSED
    }

    /**
     * One record.
     *
     * @param nap how long it is under way, in ms, more or less
     * @param failures how many attempts fail before one succeeds
     * @param parts what it is split into, at least two
     */
    record Task(int id, Fate fate, int nap, int failures, int parts, String text) {
        /** The table's names for its parts; those below zero it refuses. */
        List<Integer> names() {
            return IntStream.range(0, parts)
                    .filter(part -> fate != Fate.HALF || part != 1)
                    .map(part -> fate == Fate.REFUSED && part == 0 ? -1 : part)
                    .boxed()
                    .toList();
        }
    }

    /** @param queued whether durable queues lie between the stages: then each part is a root of its own, and again in the file */
    static Workload of(Random random, int size, boolean queued) {
        List<Task> tasks =
                IntStream.range(0, size).mapToObj(id -> task(id, random)).toList();
        return new Workload(tasks, queued);
    }

    private static Task task(int id, Random random) {
        int failures = random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 0;
        return new Task(id, fate(random), nap(random), failures, 2 + random.nextInt(3), text(random));
    }

    private static Fate fate(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> Fate.DEAD;
            case 1 -> Fate.HALF;
            case 2 -> Fate.REFUSED;
            case 3, 4, 5 -> Fate.FILTERED;
            default -> Fate.KEPT;
        };
    }

    /** Most are quick; some are so slow that thousands overtake them. */
    private static int nap(Random random) {
        return random.nextInt(100) == 0 ? 500 + random.nextInt(1500) : random.nextInt(60);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(120); left > 0; left--) {
            int at = random.nextInt(LETTERS.codePointCount(0, LETTERS.length()));
            text.appendCodePoint(LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, at)));
        }
        return text.toString();
    }

    /** @param name of the flow and of its table */
    Path write(Path folder, String name) {
        try {
            Files.write(
                    folder.resolve(INPUT), tasks.stream().map(Workload::line).toList());
            return Files.writeString(
                    folder.resolve("flow.json"),
                    FLOW.replace("NAME", name)
                            .replace("QUEUE", queued ? QUEUE : "")
                            .replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Task task) {
        try {
            return JSON.writeValueAsString(task);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String QUEUE = "'queue': { 'durable': true }, ";

    /** The stamp is another one in each attempt, and the same in all that comes of one. */
    private static final String FLOW = """
            {
              'name': 'NAME', 'durable': true,
              'resources': { 'db': { 'postgres': {
                'uri': '${$env.STORE // null}',
                'init': 'CREATE TABLE IF NOT EXISTS NAME (id int, part int CHECK (part >= 0), text text, stamp text)'
              } } },
              'stages': {
                'tasks': { 'source': { 'lines': 'tasks.txt' }, 'to': 'first' },
                'first': {
                  'concurrency': 64, 'rate': '600/s',
                  'retry': { 'attempts': 4, 'backoff': '5ms' },
                  'steps': [
                    { 'map': '.value | fromjson' },
                    { 'filter': '.fate != \\'FILTERED\\'' },
                    { 'sleep': '${.nap}ms' },
                    { 'raise': { 'message': 'not yet', 'kind': 'UNREACHABLE' }, 'when': '$meta.attempt <= .failures' },
                    { 'raise': { 'message': '${.id} is bad', 'kind': 'BAD_DATA' }, 'when': '.fate == \\'DEAD\\'' },
                    { 'set': { 'stamp': '${uuid}' } },
                    { 'split': '. as $task | range(.parts) | . as $part | $task | .part = $part' }
                  ],
                  'to': 'second'
                },
                'second': {
                  QUEUE'instances': 2, 'concurrency': 128,
                  'retry': { 'attempts': 4, 'backoff': '20ms' },
                  'steps': [
                    { 'sleep': '${(.nap * (.part + 3)) % 41}ms' },
                    { 'raise': { 'message': 'not yet', 'kind': 'UNREACHABLE' }, 'when': '$meta.attempt <= .failures - .part' },
                    { 'raise': { 'message': 'half of ${.id} is bad', 'kind': 'BAD_DATA' }, 'when': '.fate == \\'HALF\\' and .part == 1' },
                    { 'map': {
                      'id': '${.id}', 'text': '${.text}', 'stamp': '${.stamp}',
                      'part': '${if .fate == \\'REFUSED\\' and .part == 0 then -1 else .part end}'
                    } }
                  ],
                  'to': ['rows', 'lines']
                },
                'rows': { 'sink': { 'sql': { 'table': 'NAME' } } },
                'lines': { QUEUE'sink': { 'jsonl': 'lines.jsonl' } }
              }
            }
            """;
}
