/** What a call is made of and how it ends, wherever it runs. */
@NullMarked
package dev.athanor.api.internal.call;

import org.jspecify.annotations.NullMarked;
