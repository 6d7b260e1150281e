package dev.athanor.api.internal.call;

import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.payload.Arguments;
import java.util.List;

/**
 * A call with all that it needs.
 *
 * @param function what is called
 * @param arguments captured values and arguments
 * @param bundles in class path order
 */
public record PackedCall(PackedFunction function, Arguments arguments, List<Bundle> bundles) {}
