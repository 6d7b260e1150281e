package dev.athanor.agent.machine;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import dev.athanor.environment.machine.NearestName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads an operator's machine types:
 *
 * <pre>{@code
 * machine-types:
 *   L: {cpus: 2, memory: 1GB}
 *   H100-x8: {cpus: 96, memory: 1024GB, gpus: 8, gpu-model: H100}
 * }</pre>
 *
 * <p>A name of the reference gets another size by it; those that are not named stay as they are.
 */
public final class MachineTypesFile {
    private static final String ROOT = "machine-types";
    private static final String CPUS = "cpus";
    private static final String MEMORY = "memory";
    private static final String GPUS = "gpus";
    private static final String GPU_MODEL = "gpu-model";
    private static final List<String> KEYS = List.of(CPUS, MEMORY, GPUS, GPU_MODEL);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private MachineTypesFile() {}

    /**
     * The reference's machine types with those of the file.
     *
     * @throws IllegalArgumentException when the file says what cannot be; the message says where
     * @throws UncheckedIOException when it cannot be read
     */
    public static MachineTypeCatalog read(Path file) {
        try {
            return MachineTypeCatalog.reference().with(types(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "machine types cannot be read from %s: %s".formatted(file, e), e);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static List<MachineType> types(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setAllowDuplicateKeys(false);
        Map<?, ?> root = map(new Yaml(new SafeConstructor(limits)).load(text), "the file");
        root.keySet().forEach(key -> check(key, List.of(ROOT), "the file"));
        List<MachineType> types = new ArrayList<>();
        map(root.get(ROOT), ROOT).forEach((name, size) -> types.add(type(name, size)));
        return types;
    }

    private static MachineType type(Object key, Object size) {
        String name = String.valueOf(key);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no name of a machine type: 1 to 64 letters, digits, '-' and '_'"
                            .formatted(name));
        }
        Map<?, ?> values = map(size, name);
        values.keySet().forEach(value -> check(value, KEYS, name));
        return new MachineType(
                name,
                number(values, CPUS, name).doubleValue(),
                memory(values, name),
                values.containsKey(GPUS) ? number(values, GPUS, name).intValue() : 0,
                values.containsKey(GPU_MODEL) ? String.valueOf(values.get(GPU_MODEL)) : "");
    }

    private static long memory(Map<?, ?> values, String name) {
        if (!(values.get(MEMORY) instanceof String text)) {
            throw new IllegalArgumentException(
                    "%s: memory must be a size such as 256MB, got %s"
                            .formatted(name, values.get(MEMORY)));
        }
        return MemorySize.parse(text);
    }

    private static Number number(Map<?, ?> values, String key, String name) {
        if (!(values.get(key) instanceof Number number)) {
            throw new IllegalArgumentException(
                    "%s: %s must be a number, got %s".formatted(name, key, values.get(key)));
        }
        return number;
    }

    private static Map<?, ?> map(@Nullable Object value, String where) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(
                    "%s must hold entries as in 'machine-types: {L: {cpus: 2, memory: 1GB}}', got %s"
                            .formatted(where, value));
        }
        return map;
    }

    private static void check(Object key, List<String> known, String where) {
        if (!(key instanceof String text) || !known.contains(text)) {
            throw new IllegalArgumentException(
                    "%s: unknown key '%s', known are %s%s"
                            .formatted(
                                    where,
                                    key,
                                    String.join(", ", known),
                                    NearestName.question(String.valueOf(key), known)));
        }
    }
}
