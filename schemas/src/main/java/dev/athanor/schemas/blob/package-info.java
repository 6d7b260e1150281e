/**
 * Blobs: bytes too large for a record, cut into chunks in a topic of their tenant and addressed by
 * partition and offsets. The reader checks the digest.
 */
@NullMarked
package dev.athanor.schemas.blob;

import org.jspecify.annotations.NullMarked;
