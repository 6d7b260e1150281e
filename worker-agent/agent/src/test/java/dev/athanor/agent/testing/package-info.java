/** What the integration tests share: one broker for all of them, and functions to run. */
package dev.athanor.agent.testing;
