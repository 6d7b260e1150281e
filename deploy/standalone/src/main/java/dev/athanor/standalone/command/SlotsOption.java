package dev.athanor.standalone.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that says which machine types an agent serves, and how many calls of each at once. */
final class SlotsOption {
    @Option(
            names = "--slots",
            split = ",",
            paramLabel = "TYPE=N",
            defaultValue = "${env:ATHANOR_SLOTS:-XS=4,S=2,M=2}",
            description = {
                "How many slots of which machine type, such as M=2,XS=4: as many calls run at once,"
                        + " each in a sandbox of that size.",
                "Types are XS, S, M, L, XL, GPU-T4 and GPU, and those of --machine-types. Default:"
                        + " ${DEFAULT-VALUE}."
            })
    private Map<String, Integer> slots = new LinkedHashMap<>();

    Map<String, Integer> slots() {
        return slots;
    }
}
