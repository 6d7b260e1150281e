package dev.athanor.schemas.keys;

import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * A key as the cluster knows it.
 *
 * @param tenant whose calls it signs; empty for operators
 * @param note for people
 */
public record KnownKey(
        String keyId,
        KeyRole role,
        String tenant,
        VerifyingKey publicKey,
        Instant createdAt,
        boolean isRevoked,
        String note) {
    /** The record of a new key. */
    public static KeyRecord record(
            Credentials credentials, KeyRole role, String tenant, Instant createdAt, String note) {
        return KeyRecord.newBuilder()
                .setKeyId(credentials.keyId())
                .setRole(role)
                .setTenant(tenant)
                .setPublicKey(ByteBuffer.wrap(SigningKey.of(credentials).verifyingKey().bytes()))
                .setCreatedAt(createdAt.toEpochMilli())
                .setNote(note)
                .build();
    }

    /**
     * @throws UndecodableException when it can be no key
     */
    static KnownKey of(KeyRecord record) {
        boolean isOfTenant = record.getRole() == KeyRole.TENANT;
        if (record.getRole() == KeyRole.UNKNOWN
                || (isOfTenant && !Topics.isName(record.getTenant()))) {
            throw new UndecodableException("a key for nothing that is known here");
        }
        return new KnownKey(
                record.getKeyId(),
                record.getRole(),
                record.getTenant(),
                VerifyingKey.of(Bytes.copy(record.getPublicKey())),
                Instant.ofEpochMilli(record.getCreatedAt()),
                record.getRevokedAt() != 0,
                record.getNote());
    }

    boolean isOperator() {
        return role == KeyRole.OPERATOR;
    }

    /** Whether it is derived from that secret. */
    boolean isOf(Credentials credentials) {
        return keyId.equals(credentials.keyId())
                && MessageDigest.isEqual(
                        publicKey.bytes(), SigningKey.of(credentials).verifyingKey().bytes());
    }

    boolean hasSigned(Signature signature, byte[] content) {
        return publicKey.verify(
                SignedBytes.message(signature.getAt(), content),
                Bytes.copy(signature.getSignature()));
    }
}
