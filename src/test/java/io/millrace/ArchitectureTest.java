package io.millrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house, and the doors between them. Each rule says what to do instead. */
class ArchitectureTest {
    private static final JavaClasses MILLRACE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace");

    @Test
    void spi_knows_nothing_of_millrace_and_only_libraries_that_every_author_has() {
        check(
                classes()
                        .that()
                        .resideInAPackage("io.millrace.spi..")
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "io.millrace.spi..",
                                "io.vertx.core..",
                                "com.fasterxml.jackson..",
                                "org.jspecify.."))
                        .because(
                                "spi is what connector and step authors compile against: what it imports, all of them import. "
                                        + "Put an interface into spi, and the class that needs more into the room that implements it."));
    }

    @Test
    void expr_knows_only_spi() {
        check(room("expr", "spi")
                .because(
                        "expressions are used by every room: what they need to know of a flow, they are told through spi's "
                                + "Variables and Frame."));
    }

    @Test
    void flow_knows_only_spi_and_expr() {
        check(room("flow", "spi", "expr")
                .because(
                        "the model and its reader describe flows, they do not run them: components come in as spi's Components, "
                                + "and the engine asks the model, never the other way round."));
    }

    @Test
    void catalog_knows_only_spi() {
        check(room("catalog", "spi")
                .because(
                        "everything that is said of a component comes from its Spec: add what is missing to spi's Spec, so that "
                                + "the checker and the reference learn it as well."));
    }

    @Test
    void steps_know_only_spi_and_expr() {
        check(room("step", "spi", "expr")
                .because(
                        "a step runs anywhere an Assembly is: ask the Assembly for what the step needs, and add to that "
                                + "interface if the engine has something to offer."));
    }

    @Test
    void connectors_know_only_spi() {
        check(room("connect", "spi")
                .because(
                        "a connector is one folder that can be written outside this project: ask the Assembly for what it needs, "
                                + "and add to that interface if the engine has something to offer."));
    }

    @Test
    void folders_of_steps_and_connectors_do_not_know_each_other() {
        Stream.of("io.millrace.connect.(*)..", "io.millrace.step.(*)..")
                .forEach(
                        folders -> check(
                                slices().matching(folders)
                                        .should()
                                        .notDependOnEachOther()
                                        .because(
                                                "a folder can be added or taken away by itself: share through a Resource interface or a helper in spi.")));
    }

    @Test
    void engine_knows_the_model_and_no_component_store_or_surface() {
        check(
                room("engine", "spi", "flow", "expr", "catalog", "ledger")
                        .because(
                                "the engine must run in a simulator with any store and any component: it reaches the store through the "
                                        + "ledger's interface, components through spi's types, and who looks on asks it for snapshots."));
    }

    @Test
    void store_knows_the_model_and_not_the_engine() {
        check(
                room("store", "spi", "flow", "expr", "catalog", "ledger")
                        .because(
                                "the store keeps what it is given, on the terms of the ledger's interface: what the engine needs of it belongs there."));
    }

    @Test
    void ledger_knows_only_spi() {
        check(room("ledger", "spi")
                .because(
                        "the ledger is the contract between engine and store, which do not know each other: it speaks of records, tokens and "
                                + "files, in types that both have."));
    }

    @Test
    void control_knows_the_facade_of_the_engine_and_the_model() {
        check(
                room("control", "spi", "engine", "flow", "catalog", "ledger")
                        .because(
                                "the API shows and steers runs: what it lacks belongs into the engine's façade, not into a second way round."));
    }

    @Test
    void the_command_line_knows_no_single_component() {
        check(noClasses()
                .that()
                .resideInAPackage("io.millrace.cli..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.millrace.step..", "io.millrace.connect.."))
                .because("a component is a folder that may be absent: ask for it by name through Components."));
    }

    @Test
    void the_command_line_knows_the_store_by_the_ledger_alone() {
        check(noClasses()
                .that()
                .resideInAPackage("io.millrace.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.millrace.store.."))
                .because(
                        "commands on runs and dead letters work with whatever store there is: they ask it through the ledger's interface, "
                                + "which Works gives them. What a command lacks belongs into that interface."));
    }

    @Test
    void nobody_knows_the_composition_root() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace")
                .should()
                .dependOnClassesThat(resideInAPackage("io.millrace"))
                .because("Main hands out collaborators and is asked for none: take what is needed as a parameter."));
    }

    @Test
    void the_terminal_belongs_to_the_command_line() {
        check(
                noClasses()
                        .that(resideOutsideOfPackages("io.millrace.cli..", "io.millrace"))
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .dependOnClassesThat(resideInAnyPackage("picocli..", "me.tongfei..", "ch.qos.logback.."))
                        .because(
                                "standard output is for data alone: print through Assembly.out(), tell people through an SLF4J logger."));
    }

    @Test
    void nobody_sleeps() {
        check(noClasses()
                .that(resideOutsideOfPackages("io.millrace.store.embedded.."))
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .because(
                        "a thread that sleeps serves nobody: use a Vert.x timer, or wait for the thing itself with a bound. (The launcher of the "
                                + "embedded server polls a process on a thread of its own.)"));
    }

    /** The room's classes, which may use their own room, these rooms, and any library. */
    private static ClassesShouldConjunction room(String room, String... may) {
        String[] open = Stream.concat(Stream.of(room), Stream.of(may))
                .map(name -> "io.millrace." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.millrace." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.millrace..").and(resideOutsideOfPackages(open)));
    }

    /** Rooms that are not built yet keep their rules. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MILLRACE);
    }
}
