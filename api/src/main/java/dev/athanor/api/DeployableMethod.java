package dev.athanor.api;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;

/** Finds the method that a function is, where it can be deployed. */
final class DeployableMethod {
    private DeployableMethod() {}

    /**
     * The static method that is all of the function.
     *
     * @throws InvalidFunctionException where it is more than that
     */
    static Method of(Callee<?> callee) {
        SerializedLambda lambda =
                callee.lambda()
                        .orElseThrow(() ->
                                refused(
                                        callee,
                                        "an object of a class, whose state has no form in JSON"));
        if (lambda.getCapturedArgCount() > 0) {
            throw refused(callee, "made of values that it captured, which have no form in JSON");
        }
        if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
            throw refused(callee, "a method of an object");
        }
        ClassLoader loader = callee.function().getClass().getClassLoader();
        try {
            Class<?> owner = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
            return owner.getDeclaredMethod(
                    lambda.getImplMethodName(),
                    MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
                            .parameterArray());
        } catch (ReflectiveOperationException | LinkageError | TypeNotPresentException e) {
            throw new InvalidFunctionException(
                    "%s cannot be deployed: its method cannot be read here (%s)"
                            .formatted(callee, e),
                    e);
        }
    }

    private static InvalidFunctionException refused(Callee<?> callee, String what) {
        return new InvalidFunctionException(
                "%s cannot be deployed: it is %s; what is deployed is a static method"
                        .formatted(callee, what));
    }
}
