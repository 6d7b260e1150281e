/**
 * What is promised whatever dies: calls are made while a seeded schedule kills, freezes and
 * restarts, and a checker reads what happened to each.
 */
@NullMarked
package dev.athanor.loadtests.guarantee;

import org.jspecify.annotations.NullMarked;
