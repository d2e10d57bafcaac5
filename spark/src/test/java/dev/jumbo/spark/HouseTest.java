package dev.jumbo.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.ObjectInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows and the manners of this module; the module cli has the same for the others. */
class HouseTest {
    private static JavaClasses house;

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.jumbo");
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
    void spark_knows_train_data_and_what_is_below() {
        noClasses()
                .that()
                .resideInAPackage("dev.jumbo.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.jumbo.models..",
                        "dev.jumbo.nn..",
                        "dev.jumbo.serve..",
                        "dev.jumbo.cli..",
                        "org.bytedeco..")
                .check(house);
    }

    @Test
    void text_is_cleaned_without_spark() {
        noClasses()
                .that()
                .resideInAPackage("dev.jumbo.spark.text..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "dev.jumbo.spark.corpus..", "dev.jumbo.spark.gang..")
                .allowEmptyShould(true)
                .check(house);
    }

    /** Every package by itself, at whatever depth: none depends on one that depends on it, below it or beside it. */
    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.jumbo.(**)").should().beFreeOfCycles().check(house);
    }

    @Test
    void libraries_print_nothing() {
        noClasses().should(GeneralCodingRules.ACCESS_STANDARD_STREAMS).check(house);
    }

    @Test
    void nobody_throws_generic_exceptions() {
        noClasses().should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS).check(house);
    }

    @Test
    void nobody_reads_java_serialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(house);
    }
}
