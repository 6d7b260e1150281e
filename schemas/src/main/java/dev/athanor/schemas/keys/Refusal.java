package dev.athanor.schemas.keys;

/** Why a record is not believed; names are tags of meters. */
public enum Refusal {
    /** Nobody signed it. */
    UNSIGNED,
    /** Its key is none of this cluster's. */
    UNKNOWN_KEY,
    /** Its signature is not of these bytes by this key. */
    WRONG_SIGNATURE,
    /** Its key was revoked. */
    REVOKED_KEY,
    /** Its key is not for what it signed: an operator's for calls, a tenant's for seals. */
    WRONG_ROLE,
    /** It claims what only a sealed record may: an attempt, a hop, a tenant. */
    FORGED,
    /** It was written long before or after it was signed. */
    STALE,
    /** It was taken before. */
    REPLAYED,
    /** It asks for another tenant's call to be stopped. */
    OTHER_TENANT
}
