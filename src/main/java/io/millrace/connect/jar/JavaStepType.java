package io.millrace.connect.jar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The step {@code java}. */
final class JavaStepType implements StepType {
    private static final Field<ClassName> CLASS = Field.of(
                    "class",
                    new ClassNameType(),
                    "The class, with its package: public, and a java.util.function.Function.")
            .required()
            .example("com.example.WordCount");
    private static final Field<String> JAR = Field.of(
                    "jar", Types.string(), "The jar in the plugins folder, where several have the class.")
            .defaultDoc("the one that has the class")
            .example("word-count.jar");
    private static final Field<Template> WITH = Field.of("with", Types.template(), "What the function is given.")
            .defaultDoc("the document")
            .example("${.text}");
    private static final Field<JsonNode> CONFIG = Field.of(
                    "config",
                    Types.json(),
                    "An object for the constructor; its templates are evaluated once, at start.")
            .example(Map.of("lowerCase", true));
    private static final Field<Boolean> PARALLEL = Field.of(
                    "parallel",
                    Types.bool(),
                    "Whether one object may be called by several threads at once: then it has to be safe for that.")
            .byDefault(false);

    private static final Spec SPEC = Spec.step("java", "Calls a Java class from a jar in the plugins folder.")
            .hasEffects()
            .main(CLASS)
            .fields(JAR, WITH, CONFIG, PARALLEL)
            .blockingByDefault()
            .rule(JavaStepType::check)
            .returns("what the function returns, as JSON; of a CompletionStage, what it completes with")
            .note(
                    "The function gets a Map, List, String, Boolean, Long, BigInteger, BigDecimal or null, and may return these, any"
                            + " other number, enums, arrays, Optionals, records and dates.")
            .note(
                    "Each stage instance has an object of its own, made before the first item and closed at the end if it is"
                            + " AutoCloseable. One call at a time goes to it, unless `parallel` is true.")
            .note(
                    "A thrown IllegalArgumentException is BAD_DATA, an IOException UNREACHABLE, a TimeoutException TIMEOUT; anything"
                            + " else is a BUG.")
            .note(
                    "The folder is plugins, or what --plugins, MILLRACE_PLUGINS or the settings file name. A jar sees Java, what it"
                            + " holds, the jars that the Class-Path of its manifest names, slf4j and io.millrace.spi.")
            .note(
                    "A call runs in a worker pool. With \"blocking\": false it runs on the event loop, for functions that return a"
                            + " CompletionStage without waiting.")
            .example("""
                    {
                      "source": { "values": ["to be or not to be"] },
                      "steps": [
                        { "java": { "class": "com.example.WordCount", "with": "${.value}", "config": { "top": 2 } } },
                        { "map": { "text": "${.value}", "words": "${.java}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    private static void check(Settings settings, Check check) {
        Optional<ClassName> name = settings.find(CLASS);
        if (name.isEmpty()) {
            return;
        }
        Cursor at = settings.at();
        Cursor config = at.child(CONFIG.name());
        if (settings.find(CONFIG).filter(value -> !value.isObject()).isPresent()) {
            check.error(config, "config is no object.", "Write {\"name\": value}.");
            return;
        }
        try {
            find(settings, name.get()).check(settings.has(CONFIG));
        } catch (BadClass bad) {
            Cursor place = bad.part() == BadClass.Part.JAR
                    ? at.child(JAR.name())
                    : bad.part() == BadClass.Part.CONFIG ? config : at.json().isObject() ? at.child(CLASS.name()) : at;
            check.error(place, bad.what(), bad.mend());
        }
    }

    private static JarClass find(Settings settings, ClassName name) throws BadClass {
        return new Plugins(name.folder()).find(name.name(), settings.find(JAR));
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        ClassName name = settings.get(CLASS);
        Optional<JsonNode> config = settings.find(CONFIG);
        Optional<Template> with = settings.find(WITH);
        JavaStep step = new JavaStep(name.name(), with, settings.get(PARALLEL), assembly);
        JarLoaders loaders = assembly.shared("jars", JarLoaders.class, JarLoaders::new);
        JavaObject object = new JavaObject(
                () -> find(settings, name), JavaValues.of(config.orElse(NullNode.getInstance())), loaders);
        assembly.onOpen(() -> assembly.blocking(object::make).map(made -> {
            step.use(made, object.loader());
            return null;
        }));
        assembly.onClose(() -> step.close(object));
        return step;
    }

    /**
     * A class that a flow names.
     *
     * @param folder where its jar is
     */
    record ClassName(String name, Path folder) {}
}
