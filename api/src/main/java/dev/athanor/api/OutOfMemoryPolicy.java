package dev.athanor.api;

/** What becomes of a call that runs out of the memory of its machine type. Immutable. */
public final class OutOfMemoryPolicy {
    static final int DEFAULT_ESCALATIONS = 3;
    static final int MOST_ESCALATIONS = 20;

    private static final OutOfMemoryPolicy FAIL = new OutOfMemoryPolicy(0);

    private final int maxEscalations;

    private OutOfMemoryPolicy(int maxEscalations) {
        this.maxEscalations = maxEscalations;
    }

    /** It ends with {@link SandboxDiedException}. */
    public static OutOfMemoryPolicy fail() {
        return FAIL;
    }

    static OutOfMemoryPolicy escalate(int times) {
        if (times < 1 || times > MOST_ESCALATIONS) {
            throw new InvalidOptionException(
                    "onOutOfMemory",
                    "escalate(%,d)".formatted(times),
                    "an escalation 1 to %d times".formatted(MOST_ESCALATIONS));
        }
        return new OutOfMemoryPolicy(times);
    }

    /** How often it is run again, each time on the next larger machine type; 0: not at all. */
    public int maxEscalations() {
        return maxEscalations;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutOfMemoryPolicy policy && policy.maxEscalations == maxEscalations;
    }

    @Override
    public int hashCode() {
        return maxEscalations;
    }

    @Override
    public String toString() {
        return maxEscalations == 0 ? "fail()" : "escalate(%d)".formatted(maxEscalations);
    }
}
