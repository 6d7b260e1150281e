/**
 * Secrets of tenants: encrypted by those who set them, in a topic that every agent follows, and
 * opened where a sandbox is started that is to have them.
 */
@NullMarked
package dev.athanor.agent.secret;

import org.jspecify.annotations.NullMarked;
