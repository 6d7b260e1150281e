package dev.athanor.api;

/**
 * A key for a cluster that asks for one, as {@code athanor keys create} made it. The secret never
 * leaves the process: it is in nothing that this prints, it proves who logs in without being sent,
 * and calls are signed by a key that is derived from it.
 *
 * <p>Given in code it goes before the environment variables {@code ATHANOR_KEY_ID} and {@code
 * ATHANOR_KEY_SECRET}, and these go before the properties {@code key-id} and {@code key-secret} of
 * the file that {@code ATHANOR_PROFILE} names, or else of {@code ~/.athanor/profile.properties}.
 *
 * @param keyId which key it is; begins with the tenant's name and a dot
 * @param keySecret what only its owner knows
 */
public record CloudKeyCredentials(String keyId, String keySecret) {
    /**
     * Takes both as they are.
     *
     * @throws InvalidOptionException when one is blank or has control characters
     */
    public CloudKeyCredentials {
        check("keyId", keyId);
        check("keySecret", keySecret);
    }

    private static void check(String what, String value) {
        if (value == null || value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidOptionException(
                    what, "…", "a text that is not blank and has no control characters");
        }
    }

    @Override
    public String toString() {
        return "CloudKeyCredentials[keyId=" + keyId + "]";
    }
}
