package dev.athanor.api.internal.cluster;

import java.time.Duration;

/**
 * @param tenant whose functions are called
 * @param connectTimeout longest wait for an answer of the cluster
 */
record ClusterSettings(String tenant, Duration connectTimeout) {}
