/**
 * Keys of tenants and operators: what they sign, who knows them, and what is believed of a record
 * that somebody signed.
 */
@NullMarked
package dev.athanor.schemas.keys;

import org.jspecify.annotations.NullMarked;
