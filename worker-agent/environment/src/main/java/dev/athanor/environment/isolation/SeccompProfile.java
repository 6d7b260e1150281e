package dev.athanor.environment.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link SeccompFilter} refuses, in the form that container engines take: a profile in JSON.
 * Their own one permits ptrace, and sockets to the hypervisor.
 */
public final class SeccompProfile {
    private static final int LAST_FAMILY = 16;
    private static final String ALWAYS = "";

    private SeccompProfile() {}

    /** The profile. */
    public static String json() {
        List<String> rules = new ArrayList<>();
        rules.add(rule(SystemCalls.refusedNames(), SeccompFilter.EPERM, ALWAYS));
        // Its flags are not to be seen from there; whoever finds it missing uses the other one.
        rules.add(rule(List.of("clone3"), SeccompFilter.ENOSYS, ALWAYS));
        for (int bit = 1; bit > 0 && bit <= SeccompFilter.NEW_NAMESPACES; bit <<= 1) {
            if ((bit & SeccompFilter.NEW_NAMESPACES) != 0) {
                rules.add(rule(List.of("clone"), SeccompFilter.EPERM, anyBit(bit)));
            }
        }
        for (int family = 0; family < LAST_FAMILY; family++) {
            if (!SeccompFilter.permits(family)) {
                rules.add(socket(family, "SCMP_CMP_EQ"));
            }
        }
        rules.add(socket(LAST_FAMILY, "SCMP_CMP_GT"));
        return "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
                + String.join(",", rules)
                + "]}";
    }

    private static String anyBit(int bit) {
        return "{\"index\":0,\"value\":%d,\"valueTwo\":%d,\"op\":\"SCMP_CMP_MASKED_EQ\"}"
                .formatted(bit, bit);
    }

    private static String socket(int family, String comparison) {
        return rule(
                List.of("socket"),
                SeccompFilter.EAFNOSUPPORT,
                "{\"index\":0,\"value\":%d,\"op\":\"%s\"}".formatted(family, comparison));
    }

    private static String rule(List<String> names, int error, String argument) {
        return names.stream()
                .collect(
                        Collectors.joining(
                                "\",\"",
                                "{\"names\":[\"",
                                "\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":%d,\"args\":[%s]}"
                                        .formatted(error, argument)));
    }
}
