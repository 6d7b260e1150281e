/**
 * Runs functions on other machines, in environments of their own that stay hot.
 *
 * <p>{@link dev.athanor.api.Athanor} is where to start:
 *
 * {@snippet :
 * import static dev.athanor.api.Athanor.*;
 *
 * IsolatedFunction<String> hello = isolated(() -> "Hello World");
 * hello.call(); // runs on an agent, returns here
 * }
 *
 * <p>The classes of this package travel with the caller's code, so that code which mentions them
 * loads in a sandbox. They therefore reach nothing but the JDK until a call is made.
 */
@NullMarked
package dev.athanor.api;

import org.jspecify.annotations.NullMarked;
