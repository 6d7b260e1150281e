package dev.athanor.environment.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be installed, as lines of a {@code requirements.txt}.
 *
 * @param lines in the order given, each with its pinned hash
 * @param indexes package indexes of the definition, in the order in which they are asked
 */
record PythonRequirements(List<String> lines, List<String> indexes) {
    private static final String PICKLER = "cloudpickle";

    /** A name and maybe extras, then whatever uv makes of the rest; never a path or a bare URL. */
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
                            + "(?:\\s*\\[[A-Za-z0-9._,\\s-]*])?"
                            + "(?:\\s*@\\s*(?<url>\\S+)(?<after>\\s.*)?|\\s*(?<rest>[(<>=!~;].*)?"
                            + "|(?<options>\\s+--hash=.*))");

    private static final Pattern INDEX =
            Pattern.compile("(?:--extra-index-url|--index-url|--index|-i)(?:\\s+|=)(?<url>\\S+)");
    private static final Pattern LINE_END = Pattern.compile("[\\r\\n\\u0085\\u2028\\u2029]");
    private static final Pattern CONTINUED = Pattern.compile(".*\\\\\\s*");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");

    PythonRequirements {
        lines = List.copyOf(lines);
        indexes = List.copyOf(indexes);
    }

    /** Reads them, or refuses what cannot be one or is not allowed. */
    static PythonRequirements of(EnvironmentDefinition definition, RepositoryTrust trust) {
        Map<String, String> hashes = new TreeMap<>(definition.checksums());
        List<String> lines = new ArrayList<>();
        List<String> indexes = new ArrayList<>();
        boolean hasPickler = false;
        for (String requirement : definition.requirements()) {
            String text = requirement.strip();
            check(text);
            Matcher index = INDEX.matcher(text);
            if (index.matches()) {
                indexes.add(allowed(text, index.group("url"), trust));
                continue;
            }
            hasPickler |= checkAllowed(text, trust).equals(PICKLER);
            lines.add(withHash(text, hashes.remove(requirement)));
        }
        definition
                .repositories()
                .forEach(repository ->
                        indexes.add(allowed(repository.toString(), repository.url(), trust)));
        if (!hashes.isEmpty()) {
            throw new BuildFailedException(
                    "a checksum is pinned for "
                            + String.join(", ", hashes.keySet())
                            + ", which is not among the requirements "
                            + definition.requirements());
        }
        if (!hasPickler) {
            lines.add(PICKLER);
        }
        return new PythonRequirements(lines, indexes);
    }

    /** One requirement is one line, and says the same to everyone. */
    private static void check(String text) {
        if (text.isEmpty() || LINE_END.matcher(text).find() || CONTINUED.matcher(text).matches()) {
            throw new BuildFailedException(
                    "requirement \"%s\" is not one line: write each as an element of its own"
                            .formatted(text));
        }
        if (text.contains("${")) {
            throw new BuildFailedException(
                    "requirement \"%s\" names an environment variable, of which there are none"
                            .formatted(text));
        }
    }

    /** Returns the package's name as indexes know it; empty where only uv can tell. */
    private static String checkAllowed(String text, RepositoryTrust trust) {
        Matcher matcher = NAMED.matcher(text);
        if (!matcher.matches()) {
            if (trust == RepositoryTrust.FULL) {
                return "";
            }
            throw new BuildFailedException(
                    "requirement \"%s\" is not a package with a version: write one such as numpy,"
                                    .formatted(Redaction.ofUrls(text))
                            + " numpy==2.1.0, \"numpy>=2,<3\" or \"package @ https://…/package.whl\"");
        }
        if (matcher.group("url") != null) {
            allowed(text, matcher.group("url"), trust);
        }
        return SEPARATORS.matcher(matcher.group("name")).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    private static String allowed(String what, String url, RepositoryTrust trust) {
        if (trust == RepositoryTrust.LIMITED
                && !url.regionMatches(true, 0, "https://", 0, "https://".length())) {
            throw new BuildFailedException(
                    "%s is not https: only indexes of the operator's, in the agent's uv.toml, may be otherwise"
                            .formatted(Redaction.ofUrls(what)));
        }
        return url;
    }

    private static String withHash(String text, @Nullable String hash) {
        if (hash == null) {
            return text;
        }
        String hex = hash.toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(hex).matches()) {
            throw new BuildFailedException(
                    "checksum \"%s\" of %s is not a SHA-256: write 64 hexadecimal digits"
                            .formatted(hash, text));
        }
        return text + " --hash=sha256:" + hex;
    }
}
