/**
 * Functions that are registered under names: their versions, their code, and calls of them with
 * arguments in JSON.
 */
@NullMarked
package dev.athanor.dispatcher.function;

import org.jspecify.annotations.NullMarked;
