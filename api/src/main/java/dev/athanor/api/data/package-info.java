/**
 * Folders that are synced to {@code /data}: what both ends say to each other, and what is done
 * there. It travels into sandboxes and needs nothing but the JDK; callers use {@code
 * Athanor.syncDir}.
 */
@NullMarked
package dev.athanor.api.data;

import org.jspecify.annotations.NullMarked;
