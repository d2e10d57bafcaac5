package dev.jumbo.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows and the manners of the whole house: this module sees all others. */
class HouseTest {
    private static JavaClasses house;

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.jumbo");
    }

    @Test
    void arrows_point_down() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("error")
                .definedBy("dev.jumbo.error..")
                .layer("files")
                .definedBy("dev.jumbo.files..")
                .layer("config")
                .definedBy("dev.jumbo.config..")
                .layer("tensor")
                .definedBy("dev.jumbo.tensor..")
                .layer("dist")
                .definedBy("dev.jumbo.dist..")
                .layer("data")
                .definedBy("dev.jumbo.data..")
                .layer("nn")
                .definedBy("dev.jumbo.nn..")
                .layer("train")
                .definedBy("dev.jumbo.train..")
                .layer("text")
                .definedBy("dev.jumbo.text..")
                .layer("models")
                .definedBy("dev.jumbo.models..")
                .layer("onnx")
                .definedBy("dev.jumbo.onnx..")
                .layer("ship")
                .definedBy("dev.jumbo.ship..")
                .layer("serve")
                .definedBy("dev.jumbo.serve..")
                .layer("cli")
                .definedBy("dev.jumbo.cli..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("serve")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("ship")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("onnx")
                .mayOnlyBeAccessedByLayers("serve", "cli")
                .whereLayer("models")
                .mayOnlyBeAccessedByLayers("serve", "cli")
                .whereLayer("text")
                .mayOnlyBeAccessedByLayers("models", "onnx", "serve", "cli")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("models", "onnx", "serve", "cli")
                .whereLayer("nn")
                .mayOnlyBeAccessedByLayers("train", "models", "onnx", "serve", "cli")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("text", "train", "models", "onnx", "serve", "cli")
                .whereLayer("dist")
                .mayOnlyBeAccessedByLayers("train", "models", "serve", "cli")
                .whereLayer("tensor")
                .mayOnlyBeAccessedByLayers("dist", "data", "nn", "train", "models", "onnx", "serve", "cli")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers(
                        "tensor", "dist", "data", "nn", "text", "train", "models", "onnx", "ship", "serve", "cli")
                .whereLayer("error")
                .mayNotAccessAnyLayer()
                .whereLayer("files")
                .mayOnlyAccessLayers("error")
                .check(house);
    }

    @Test
    void nobody_knows_spark() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jumbo.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.jumbo.spark..", "org.apache.spark..")
                .check(house);
    }

    @Test
    void text_needs_no_libtorch() {
        noClasses()
                .that()
                .resideInAPackage("dev.jumbo.text..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.jumbo.tensor..", "dev.jumbo.nn..", "dev.jumbo.dist..", "dev.jumbo.train..")
                .check(house);
    }

    /** Every package by itself, at whatever depth: none depends on one that depends on it, below it or beside it. */
    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.jumbo.(**)").should().beFreeOfCycles().check(house);
    }

    @Test
    void only_tensor_knows_libtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jumbo.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(house);
    }

    /** Of the sources, so that {@code spark}, which this module does not see, counts too. */
    @Test
    void one_name_means_one_thing() throws IOException {
        Pattern declared = Pattern.compile(
                "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|record|interface|enum|@interface) (\\w+)",
                Pattern.MULTILINE);
        Map<String, List<String>> places = new TreeMap<>();
        for (String module :
                List.of("fuzz", "core", "text", "models", "onnx", "client", "ship", "serve", "cli", "spark")) {
            Path sources = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    Matcher name = declared.matcher(Files.readString(file));
                    if (name.find()) {
                        places.computeIfAbsent(name.group(1), n -> new ArrayList<>())
                                .add(sources.relativize(file).toString());
                    }
                }
            }
        }
        assertThat(places).hasSizeGreaterThan(500);
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).isEmpty();
    }

    @Test
    void libraries_print_nothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jumbo.cli..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(house);
    }

    @Test
    void nobody_throws_generic_exceptions() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jumbo.serve.grpc.proto..") // generated
                .should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS)
                .check(house);
    }

    @Test
    void nobody_reads_java_serialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(house);
    }

    @Test
    void memory_has_one_mechanism() {
        noClasses().should().callMethod(System.class, "gc").check(house);
        noClasses().should().callMethod(Runtime.class, "gc").check(house);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Cleaner.class)
                .check(house);
        noMethods().should().haveName("finalize").check(house);
    }
}
