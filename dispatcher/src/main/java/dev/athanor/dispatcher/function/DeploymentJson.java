package dev.athanor.dispatcher.function;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads what callers send in JSON as strictly as agents do: no name twice, nothing after the end,
 * UTF-8. Safe for any number of threads.
 */
final class DeploymentJson {
    /** As in the sandboxes. */
    private static final int MOST_NESTED = 256;

    private static final int LONGEST_NUMBER = 1_000;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_NESTED)
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .build())
                                    .build())
                    .enable(
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                            DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    /** What is left out has the defaults of callers of either language. */
    private static final String DEFAULTS =
            """
            {"runtimeVersion": "", "bundles": [], "requirements": [], "repositories": [],
             "checksums": {}, "machineType": "XS", "keepAliveMillis": 10000, "network": true,
             "secrets": [], "maxEscalations": 0, "keepResultMillis": 0, "parameters": [],
             "description": "", "limits": {}}
            """;

    private static final String DEFAULT_LIMITS =
            """
            {"queueTimeoutMillis": 3600000, "startTimeoutMillis": 120000,
             "buildTimeoutMillis": 600000, "executionTimeoutMillis": 300000}
            """;

    private DeploymentJson() {}

    /**
     * @throws FunctionException when it is none
     */
    static JsonNode tree(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            JsonNode tree = MAPPER.readTree(text);
            if (tree.isMissingNode()) {
                throw FunctionException.invalid("the body is empty, and no JSON");
            }
            return tree;
        } catch (CharacterCodingException e) {
            throw new FunctionException(
                    FunctionException.Reason.INVALID, "the body is not in UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new FunctionException(
                    FunctionException.Reason.INVALID,
                    "the body is no JSON: " + e.getOriginalMessage(),
                    e);
        }
    }

    /**
     * Reads a deployment; what is left out has its default.
     *
     * @throws FunctionException when it is none
     */
    static Deployment read(byte[] bytes) {
        JsonNode given = tree(bytes);
        try {
            ObjectNode whole = (ObjectNode) MAPPER.readTree(DEFAULTS);
            ObjectNode limits = (ObjectNode) MAPPER.readTree(DEFAULT_LIMITS);
            if (!given.isObject()) {
                throw FunctionException.invalid("a deployment is an object in JSON");
            }
            given.properties().stream()
                    .filter(entry -> !entry.getValue().isNull())
                    .forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
            if (whole.get("limits") instanceof ObjectNode some) {
                limits.setAll(some);
                whole.set("limits", limits);
            }
            Deployment deployment = MAPPER.treeToValue(whole, Deployment.class);
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text(deployment))) {
                throw FunctionException.invalid("a deployment has half a character in it");
            }
            return deployment;
        } catch (JsonMappingException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            String message =
                    reason instanceof JsonProcessingException json
                            ? json.getOriginalMessage()
                            : String.valueOf(reason.getMessage());
            throw new FunctionException(
                    FunctionException.Reason.INVALID, "it is no deployment: " + message, e);
        } catch (JsonProcessingException e) {
            throw new FunctionException(FunctionException.Reason.INVALID, "it is no deployment", e);
        }
    }

    /** The one text of a deployment. */
    static String text(Deployment deployment) {
        try {
            return MAPPER.writeValueAsString(deployment);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a deployment", e);
        }
    }

    /** Reads what {@link #text} wrote. */
    static Deployment kept(String text) {
        try {
            return MAPPER.readValue(text, Deployment.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a deployment in the database cannot be read", e);
        }
    }

    static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
