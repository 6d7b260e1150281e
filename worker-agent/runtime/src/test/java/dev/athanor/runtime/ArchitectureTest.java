package dev.athanor.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(
        packages = "dev.athanor.runtime",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule usesNothingButTheJdk =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "dev.athanor.runtime..", "org.jspecify..");

    @ArchTest
    static final ArchRule theProtocolStandsAlone =
            noClasses()
                    .that()
                    .resideInAPackage("..protocol")
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
