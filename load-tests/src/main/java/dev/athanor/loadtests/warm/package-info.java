/** What a call to a hot function costs over a bare round trip through the same Kafka. */
@NullMarked
package dev.athanor.loadtests.warm;

import org.jspecify.annotations.NullMarked;
