package dev.athanor.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a function runs with, at the method itself:
 *
 * {@snippet :
 * @Isolated(requirements = "org.apache.commons:commons-text:1.13.0", machineType = M)
 * static String shout(String text) { ... }
 *
 * var shout = isolated(Text::shout); // on machine type M
 * }
 *
 * <p>Picked up by {@code isolated} where it is given a reference to the method, or an object of a
 * class whose method of the functional interface is annotated. The body of a lambda has no
 * annotations. Options given to {@code isolated} win over those given here; what is left out here
 * has the default that {@link Athanor} says.
 *
 * <p>Values that an option cannot have are refused by {@code isolated}, with {@link
 * InvalidOptionException}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Isolated {
    /** A duration that is not given. */
    long DEFAULT = Long.MIN_VALUE;

    /** Where functions can be said to run here; clients are given in code. */
    enum Place {
        /** {@link Athanor#cloud()}. */
        CLOUD,
        /** {@link Athanor#local()}. */
        LOCAL
    }

    /** {@link Athanor#name}. */
    String name() default "";

    /** {@link Athanor#requirements}. */
    String[] requirements() default {};

    /** {@link Athanor#repositories}. */
    String[] repositories() default {};

    /** {@link Athanor#checksums}, each as {@code coordinate=sha256}. */
    String[] checksums() default {};

    /** {@link Athanor#secrets}. */
    String[] secrets() default {};

    /** {@link Athanor#machineType}. */
    String machineType() default "";

    /** {@link Athanor#escalate(int)} of {@link Athanor#onOutOfMemory}; 0: not at all. */
    long escalate() default DEFAULT;

    /** {@link Athanor#keepAlive(long)}, in seconds. */
    long keepAlive() default DEFAULT;

    /** {@link Athanor#timeout}, in seconds. */
    long timeout() default DEFAULT;

    /** {@link Athanor#queueTimeout}, in seconds. */
    long queueTimeout() default DEFAULT;

    /** {@link Athanor#keepResult}, in seconds. */
    long keepResult() default DEFAULT;

    /** {@link Athanor#deadline}, in seconds. */
    long deadline() default DEFAULT;

    /** {@link Athanor#retries(int)}. */
    long retries() default DEFAULT;

    /** {@link Athanor#whenUnserved}. */
    WhenUnserved whenUnserved() default WhenUnserved.WAIT;

    /** {@link Athanor#startTimeout}, in seconds. */
    long startTimeout() default DEFAULT;

    /** {@link Athanor#buildTimeout}, in seconds. */
    long buildTimeout() default DEFAULT;

    /** {@link Athanor#allowResult}. */
    String[] allowResult() default {};

    /** {@link Athanor#host}. */
    Place host() default Place.CLOUD;
}
