package dev.athanor.environment.build;

/**
 * A package repository.
 *
 * @param id names the repository in messages, and in {@code settings.xml} where it is the
 *     operator's; letters, digits, {@code .}, {@code _} and {@code -}
 * @param url absolute, without credentials
 */
public record RepositoryDefinition(String id, String url) {
    @Override
    public String toString() {
        return id + " (" + Redaction.ofUrls(url) + ")";
    }
}
