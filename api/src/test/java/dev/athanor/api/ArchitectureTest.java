package dev.athanor.api;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.athanor.api", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /**
     * Its classes load in sandboxes: only making a client and opening the local host, which happen
     * nowhere there, go on, and the way out of a sandbox, which happens only there.
     */
    @ArchTest
    static final ArchRule publicPackageReachesNothingButTheJdk =
            noClasses()
                    .that()
                    .resideInAPackage("dev.athanor.api")
                    .and()
                    .doNotHaveFullyQualifiedName(AthanorClient.Builder.class.getName())
                    .and()
                    .doNotHaveFullyQualifiedName(LocalHost.Opener.class.getName())
                    .and()
                    .doNotHaveFullyQualifiedName(Nesting.class.getName())
                    .and()
                    .doNotHaveFullyQualifiedName(Nesting.Way.class.getName())
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "dev.athanor.api.internal..",
                                    "dev.athanor.schemas..",
                                    "dev.athanor.environment..",
                                    "dev.athanor.runtime..",
                                    "org.apache..",
                                    "org.objectweb..",
                                    "org.slf4j..",
                                    "com.fasterxml.."));

    @ArchTest
    static final ArchRule whatTravelsToSyncFoldersNeedsNothingButTheJdk =
            noClasses()
                    .that()
                    .resideInAPackage("dev.athanor.api.data")
                    .should()
                    .dependOnClassesThat(
                            resideOutsideOfPackages(
                                    "dev.athanor.api.data", "java..", "org.jspecify.."));

    @ArchTest
    static final ArchRule whatTravelsReachesNothingButTheProtocol =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.athanor.api.internal.nested..",
                            "dev.athanor.api.internal.code..",
                            "dev.athanor.api.internal.payload..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "dev.athanor.api.internal.bundle..",
                                    "dev.athanor.api.internal.cluster..",
                                    "dev.athanor.api.internal.local..",
                                    "dev.athanor.schemas..",
                                    "dev.athanor.environment..",
                                    "dev.athanor.runtime",
                                    "org.apache..",
                                    "org.objectweb..",
                                    "org.slf4j..",
                                    "com.fasterxml.."));

    @ArchTest
    static final ArchRule signaturesShowNoKafkaAndNoAvro =
            methods()
                    .that()
                    .areDeclaredInClassesThat()
                    .resideInAPackage("dev.athanor.api")
                    .and()
                    .arePublic()
                    .should()
                    .notHaveRawReturnType(
                            resideInAnyPackage(
                                    "org.apache..",
                                    "dev.athanor.schemas..",
                                    "dev.athanor.environment..",
                                    "dev.athanor.runtime.."));

    @ArchTest
    static final ArchRule localHostNeedsNoKafka =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.athanor.api.internal.local..", "dev.athanor.api.internal.call..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "org.apache.kafka..", "dev.athanor.api.internal.cluster.."));

    @ArchTest
    static final ArchRule internalPackagesAreFreeOfCycles =
            slices().matching("dev.athanor.api.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeIsGiven =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule exceptionsAreNamedSo =
            classes()
                    .that()
                    .areAssignableTo(Throwable.class)
                    .should()
                    .haveSimpleNameEndingWith("Exception");
}
