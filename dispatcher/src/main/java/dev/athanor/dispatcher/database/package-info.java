/** The dispatcher's PostgreSQL: connections and migrations. */
@NullMarked
package dev.athanor.dispatcher.database;

import org.jspecify.annotations.NullMarked;
