/**
 * Calls that isolated functions make of others. Travels into sandboxes, with what it needs of the
 * other packages: none of that links to anything but the JDK and the sandbox's protocol.
 */
@NullMarked
package dev.athanor.api.internal.nested;

import org.jspecify.annotations.NullMarked;
