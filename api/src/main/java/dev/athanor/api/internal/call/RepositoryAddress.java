package dev.athanor.api.internal.call;

import java.net.URI;

/**
 * A repository as an option names it.
 *
 * @param id given, or made of the address
 * @param url where it is
 */
public record RepositoryAddress(String id, String url) {
    /** Reads {@code id::url} or {@code url}. */
    public static RepositoryAddress of(String option) {
        int separator = option.indexOf("::");
        if (separator >= 0) {
            return new RepositoryAddress(
                    option.substring(0, separator), option.substring(separator + 2));
        }
        URI uri = URI.create(option);
        String place = (uri.getAuthority() == null ? "" : uri.getAuthority()) + uri.getPath();
        return new RepositoryAddress(
                place.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^-|-$", ""), option);
    }
}
