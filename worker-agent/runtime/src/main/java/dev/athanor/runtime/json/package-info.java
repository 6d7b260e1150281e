/**
 * JSON arguments and results of Java functions, bound to their declared types. Written for the
 * sandbox, where no library of ours may stand beside the user's.
 */
@NullMarked
package dev.athanor.runtime.json;

import org.jspecify.annotations.NullMarked;
