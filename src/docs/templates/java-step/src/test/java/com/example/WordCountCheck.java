package com.example;

import java.util.Map;

/** Tries the step without Millrace: {@code java -cp target/classes src/test/java/com/example/WordCountCheck.java}. */
public final class WordCountCheck {
    private WordCountCheck() {}

    public static void main(String[] args) {
        try (WordCount step = new WordCount(Map.of("top", 2L))) {
            Map<String, Long> words = step.apply("to be or not to be");
            if (!words.equals(Map.of("be", 2L, "to", 2L))) {
                throw new AssertionError(words);
            }
        }
        System.out.println("ok");
    }
}
