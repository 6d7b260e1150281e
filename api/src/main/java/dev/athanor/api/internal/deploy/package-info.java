/** Says of Java methods what a dispatcher has to know to call them with JSON. */
@NullMarked
package dev.athanor.api.internal.deploy;

import org.jspecify.annotations.NullMarked;
