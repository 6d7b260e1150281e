/**
 * What is on the wire: Avro records (generated from {@code wire.avdl}), topic names and the codec.
 *
 * <p>Not null-marked: the generated records hold null where their schema is a union with null.
 */
package dev.athanor.schemas;
