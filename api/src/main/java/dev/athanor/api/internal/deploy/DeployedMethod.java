package dev.athanor.api.internal.deploy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.Options;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.call.RepositoryAddress;
import dev.athanor.api.internal.code.FunctionCode;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A method as it is registered under a name.
 *
 * @param code the same as any function's
 * @param options that it runs with
 */
public record DeployedMethod(Method method, FunctionCode code, Options options) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * What is to be registered.
     *
     * @throws InvalidFunctionException when it is no static method
     */
    public static DeployedMethod of(Method method, Options options) {
        if (!Modifier.isStatic(method.getModifiers())) {
            throw new InvalidFunctionException(
                    "%s cannot be deployed: it is a method of an object; what is deployed is a static"
                                    .formatted(method)
                            + " method");
        }
        String owner = method.getDeclaringClass().getName();
        FunctionCode code =
                new FunctionCode(
                        owner,
                        method.getName(),
                        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .toMethodDescriptorString(),
                        MethodHandleInfo.REF_invokeStatic,
                        List.of(),
                        owner,
                        owner,
                        loader(method.getDeclaringClass()));
        return new DeployedMethod(method, code, options);
    }

    private static ClassLoader loader(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    /**
     * All that a dispatcher has to know, in JSON.
     *
     * @param bundles its code
     * @throws InvalidFunctionException when a parameter is of a type that JSON cannot give
     */
    public byte[] json(List<Bundle> bundles) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("language", "JAVA");
        json.putObject("entryPoint")
                .put("owner", code.owner().replace('.', '/'))
                .put("name", code.name())
                .put("descriptor", code.descriptor())
                .put("referenceKind", code.referenceKind());
        ArrayNode digests = json.putArray("bundles");
        bundles.forEach(each -> digests.add(HexFormat.of().formatHex(each.digest().bytes())));
        addOptions(json);
        ArrayNode parameters = json.putArray("parameters");
        Type[] types = method.getGenericParameterTypes();
        for (int i = 0; i < types.length; i++) {
            addParameter(parameters.addObject(), method.getParameters()[i], types[i]);
        }
        new TypeSchemas(MAPPER)
                .ofResult(method.getGenericReturnType())
                .ifPresent(schema -> json.set("returns", schema));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void addOptions(ObjectNode json) {
        ArrayNode requirements = json.putArray("requirements");
        options.requirements().forEach(requirements::add);
        ArrayNode repositories = json.putArray("repositories");
        options.repositories().stream()
                .map(RepositoryAddress::of)
                .forEach(each ->
                        repositories.addObject().put("id", each.id()).put("url", each.url()));
        ObjectNode checksums = json.putObject("checksums");
        options.checksums().forEach(checksums::put);
        json.put("machineType", options.machineType());
        json.put("keepAliveMillis", options.keepAlive().toMillis());
        json.put("network", options.network());
        ArrayNode secrets = json.putArray("secrets");
        options.secrets().forEach(secrets::add);
        json.put("maxEscalations", options.onOutOfMemory().maxEscalations());
        json.put("keepResultMillis", options.keepResult().map(Duration::toMillis).orElse(0L));
        json.putObject("limits")
                .put("queueTimeoutMillis", options.queueTimeout().toMillis())
                .put("startTimeoutMillis", options.startTimeout().toMillis())
                .put("buildTimeoutMillis", options.buildTimeout().toMillis())
                .put("executionTimeoutMillis", options.timeout().toMillis());
    }

    private void addParameter(ObjectNode json, Parameter parameter, Type type) {
        if (parameter.isNamePresent()) {
            json.put("name", parameter.getName());
        }
        json.put("required", parameter.getType() != Optional.class);
        json.set(
                "schema",
                new TypeSchemas(MAPPER)
                        .of(type)
                        .orElseThrow(() ->
                                new InvalidFunctionException(
                                        "%s cannot be deployed: its parameter %s cannot be made of JSON:"
                                                        .formatted(code.displayName(), parameter)
                                                + " declare a record, a map, a list, a string or a"
                                                + " number")));
    }
}
