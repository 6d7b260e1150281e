package dev.athanor.dispatcher.function;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list of functions or of versions of one.
 *
 * @param next the cursor of the next page; empty: this is the last one
 */
public record FunctionPage(List<FunctionVersion> functions, Optional<String> next) {}
