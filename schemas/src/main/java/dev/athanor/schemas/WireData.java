package dev.athanor.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Finds the generated classes of the wire's own types, and no others, whatever name a writer's
 * schema holds. Avro would ask a list of trusted classes that is global to the process.
 */
final class WireData extends SpecificData {
    private final Map<String, Class<?>> classes = new HashMap<>();

    WireData() {
        super(WireData.class.getClassLoader());
        for (Schema type : Wire.PROTOCOL.getTypes()) {
            try {
                classes.put(type.getFullName(), Class.forName(type.getFullName()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("not generated: " + type.getFullName(), e);
            }
        }
    }

    /**
     * Reads by Avro's reader without a grammar, which takes about half the time. Avro asks
     * subclasses not to, for what they may override; all that is overridden here is asked for when
     * a reader is made.
     */
    @Override
    public boolean isFastReaderEnabled() {
        return true;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Class getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> classes.get(schema.getFullName());
            default -> super.getClass(schema);
        };
    }
}
