package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.function.Deployment;
import dev.athanor.dispatcher.function.FunctionVersion;
import org.jspecify.annotations.Nullable;

/**
 * A version of a registered function.
 *
 * @param current whether it is the one that is called where none is named
 * @param deployment all that it is; left out in lists
 */
record FunctionAnswer(
        String name,
        int version,
        boolean current,
        String createdAt,
        Deployment.Language language,
        String machineType,
        String description,
        @Nullable Deployment deployment) {

    /** In a list. */
    static FunctionAnswer brief(FunctionVersion function) {
        return of(function, null);
    }

    /** With all that it is. */
    static FunctionAnswer whole(FunctionVersion function) {
        return of(function, function.deployment());
    }

    private static FunctionAnswer of(FunctionVersion function, @Nullable Deployment shown) {
        Deployment deployment = function.deployment();
        return new FunctionAnswer(
                function.name(),
                function.version(),
                function.version() == function.current(),
                function.createdAt().toString(),
                deployment.language(),
                deployment.machineType(),
                deployment.description(),
                shown);
    }
}
