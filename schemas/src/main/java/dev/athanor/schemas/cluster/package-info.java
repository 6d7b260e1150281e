/** What Athanor needs of a Kafka cluster: its release, topics and group settings. */
@NullMarked
package dev.athanor.schemas.cluster;

import org.jspecify.annotations.NullMarked;
