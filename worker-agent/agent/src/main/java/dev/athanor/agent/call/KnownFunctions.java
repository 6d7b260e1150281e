package dev.athanor.agent.call;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Functions by their bytes, which are the same in every call of one: reading them and hashing what
 * they name took a third of a slot's time. Safe for any number of threads.
 */
public final class KnownFunctions {
    /** Enough for every function that an agent can have hot; forgotten all at once beyond that. */
    private static final int MAX_KNOWN = 1_000;

    /** A larger one, of very many requirements or bundles, is read each time. */
    private static final int MAX_KEPT_BYTES = 16 * 1024;

    private record Key(String tenant, ByteBuffer encoded, String escalatedTo) {}

    private final Map<String, MachineType> machineTypes;
    private final KnownFunction.SecretFinder secrets;
    private final Map<Key, KnownFunction> known = new ConcurrentHashMap<>();
    private final AtomicInteger generation = new AtomicInteger();

    /**
     * @param machineTypes those that this agent serves, by name
     * @param secrets finds those that functions name; {@link #forget} when they change
     */
    public KnownFunctions(
            Map<String, MachineType> machineTypes, KnownFunction.SecretFinder secrets) {
        this.secrets = secrets;
        this.machineTypes = Map.copyOf(machineTypes);
    }

    /**
     * The function that the bytes are.
     *
     * @param escalatedTo machine type that it runs on instead of its own; empty: its own
     * @throws UndecodableException when they are none
     */
    public KnownFunction of(String tenant, ByteBuffer encoded, String escalatedTo) {
        if (encoded.remaining() > MAX_KEPT_BYTES) {
            return read(tenant, encoded, escalatedTo);
        }
        Key key = new Key(tenant, encoded, escalatedTo);
        KnownFunction function = known.get(key);
        if (function == null) {
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            int before = generation.get();
            function = read(tenant, encoded, escalatedTo);
            known.put(key, function);
            if (generation.get() != before) {
                // Worked out of what has changed meanwhile: good for this call only.
                known.remove(key, function);
            }
        }
        return function;
    }

    /** Works functions out anew from now on. */
    public void forget() {
        generation.incrementAndGet();
        known.clear();
    }

    private KnownFunction read(String tenant, ByteBuffer encoded, String escalatedTo) {
        byte[] bytes = new byte[encoded.remaining()];
        encoded.duplicate().get(bytes);
        FunctionSpec spec = Codec.current().decode(bytes, FunctionSpec.class);
        String machineType = escalatedTo.isEmpty() ? spec.getMachineType() : escalatedTo;
        return KnownFunction.of(tenant, spec, machineType, machineTypes, secrets);
    }
}
