/** The {@code athanor} command: one class for each of its subcommands. */
@NullMarked
package dev.athanor.standalone.command;

import org.jspecify.annotations.NullMarked;
