/**
 * What a lambda, method reference or function object is: which method, in which class, with what.
 */
@NullMarked
package dev.athanor.api.internal.code;

import org.jspecify.annotations.NullMarked;
