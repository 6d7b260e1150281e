/**
 * The HTTP door: what a cluster can be asked for in any language. {@code openapi.json} beside these
 * classes says what it answers.
 */
@NullMarked
package dev.athanor.dispatcher.http;

import org.jspecify.annotations.NullMarked;
