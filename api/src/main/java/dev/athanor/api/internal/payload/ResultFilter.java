package dev.athanor.api.internal.payload;

import dev.athanor.api.AthanorException;
import java.io.ObjectInputFilter;
import java.util.List;
import java.util.Set;

/**
 * Accepts the classes of the function's own code, those of the JDK that hold plain values,
 * exceptions of the JDK and of Athanor, and what the caller allows, within limits of depth and
 * size. For one reading.
 */
final class ResultFilter implements ObjectInputFilter {
    /** A pattern that no caller can give, for every class. */
    static final String EVERYTHING = "**";

    private static final long MAX_DEPTH = 1_000;
    private static final long MIN_ARRAY_LIMIT = 1_024;

    /** The element count that collections ask for is up to this many times what they hold. */
    private static final long ARRAY_FACTOR = 4;

    private static final Set<String> VALUE_PACKAGES =
            Set.of(
                    "java.lang",
                    "java.math",
                    "java.time",
                    "java.time.chrono",
                    "java.time.zone",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks",
                    "java.util.regex");

    private final Set<String> bundled;
    private final List<String> allowed;
    private final long size;
    private String refusal = "";

    /**
     * @param bundled binary names of the classes that were sent
     * @param allowed patterns of the caller
     * @param size of what is read, in bytes
     */
    ResultFilter(Set<String> bundled, List<String> allowed, long size) {
        this.bundled = bundled;
        this.allowed = allowed;
        this.size = size;
    }

    /** Why it was refused; empty: it was not. */
    String refusal() {
        return refusal;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (info.depth() > MAX_DEPTH) {
            return refuse("it is nested more than %,d deep".formatted(MAX_DEPTH));
        }
        if (info.references() > size || info.streamBytes() > size) {
            return refuse("it claims more objects than its %,d bytes can hold".formatted(size));
        }
        if (info.arrayLength() > Math.max(MIN_ARRAY_LIMIT, ARRAY_FACTOR * size)) {
            return refuse("it claims an array larger than its %,d bytes can hold".formatted(size));
        }
        Class<?> type = info.serialClass();
        return type == null || accepts(type)
                ? Status.ALLOWED
                : refuse(
                        "it holds a %s; accept it with allowResult(\"%s\")"
                                .formatted(type.getName(), type.getName()));
    }

    private boolean accepts(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        String name = element.getName();
        return element.isPrimitive()
                || bundled.contains(name)
                || (PlatformClasses.contain(element) && isValue(element))
                || isOwnError(element)
                || allowed.stream().anyMatch(pattern -> matches(pattern, name));
    }

    private static boolean isValue(Class<?> type) {
        boolean isError = Throwable.class.isAssignableFrom(type);
        return VALUE_PACKAGES.contains(type.getPackageName())
                || (isError && type.getName().startsWith("java."));
    }

    /** A function whose own call of another one failed may fail by that. */
    private static boolean isOwnError(Class<?> type) {
        return type.getPackageName().equals(AthanorException.class.getPackageName())
                && (Throwable.class.isAssignableFrom(type) || type.isEnum());
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.equals(EVERYTHING)) {
            return true;
        }
        if (pattern.endsWith(".**")) {
            return name.startsWith(pattern.substring(0, pattern.length() - 2));
        }
        if (pattern.endsWith(".*")) {
            String folder = pattern.substring(0, pattern.length() - 1);
            return name.startsWith(folder) && name.indexOf('.', folder.length()) < 0;
        }
        return pattern.equals(name);
    }

    private Status refuse(String reason) {
        refusal = reason;
        return Status.REJECTED;
    }
}
