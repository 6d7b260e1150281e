package dev.athanor.schemas.keys;

/**
 * A key's id and its secret. The secret is the password for Kafka, and what the signing key is
 * derived from; it is in nothing that this prints.
 */
public record Credentials(String keyId, String secret) {
    /**
     * @throws IllegalArgumentException where one of them is blank or has control characters
     */
    public Credentials {
        check("key id", keyId);
        check("key secret", secret);
    }

    private static void check(String what, String value) {
        if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the %s must not be blank, nor have control characters".formatted(what));
        }
    }

    @Override
    public String toString() {
        return "Credentials[keyId=" + keyId + "]";
    }
}
