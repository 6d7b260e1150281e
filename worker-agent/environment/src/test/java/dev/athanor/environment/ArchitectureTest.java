package dev.athanor.environment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(
        packages = "dev.athanor.environment",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("dev.athanor.environment.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule knowsNoKafkaAndNoAvro =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..", "org.apache.avro..", "dev.athanor.schemas..");

    @ArchTest
    static final ArchRule knowsOnlyTheProtocolOfTheRuntime =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("ProcessLauncher")
                    .and()
                    .doNotHaveSimpleName("PythonRuntime")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.athanor.runtime");

    @ArchTest
    static final ArchRule nothingSleepsOrReadsTheWallClock =
            noClasses()
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now");
}
