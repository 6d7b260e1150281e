/**
 * The all-in-one process: an embedded Kafka, one worker agent and its metrics endpoint over one
 * data folder.
 */
@NullMarked
package dev.athanor.standalone;

import org.jspecify.annotations.NullMarked;
