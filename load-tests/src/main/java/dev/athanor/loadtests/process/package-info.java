/** Agents and brokers as processes of their own, which a test can kill, freeze and restart. */
@NullMarked
package dev.athanor.loadtests.process;

import org.jspecify.annotations.NullMarked;
