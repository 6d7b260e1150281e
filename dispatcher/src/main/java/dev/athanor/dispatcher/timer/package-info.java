/** What is done at its time: db-scheduler over the dispatcher's database. */
@NullMarked
package dev.athanor.dispatcher.timer;

import org.jspecify.annotations.NullMarked;
