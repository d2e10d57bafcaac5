package dev.jumbo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of the house, within this module; the module cli has the same for all of them. */
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
                .whereLayer("train")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("nn")
                .mayOnlyBeAccessedByLayers("train")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("train")
                .whereLayer("dist")
                .mayOnlyBeAccessedByLayers("train")
                .whereLayer("tensor")
                .mayOnlyBeAccessedByLayers("dist", "data", "nn", "train")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("tensor", "dist", "data", "nn", "train")
                .whereLayer("error")
                .mayNotAccessAnyLayer()
                .whereLayer("files")
                .mayOnlyAccessLayers("error")
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
}
