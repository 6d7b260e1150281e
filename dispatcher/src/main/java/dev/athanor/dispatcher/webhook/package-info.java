/** Tells addresses of callers that their jobs have ended. */
@NullMarked
package dev.athanor.dispatcher.webhook;

import org.jspecify.annotations.NullMarked;
