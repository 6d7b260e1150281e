package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Maven's settings lie. Files that do not exist count as empty; they are read anew for each
 * build.
 *
 * @param user the user's {@code settings.xml}, which wins over the global one
 * @param global the installation's {@code settings.xml}; null: none
 * @param security {@code settings-security.xml} with the master password
 */
public record SettingsFiles(Path user, @Nullable Path global, Path security) {
    /**
     * Returns the files that Maven itself would read: {@code ~/.m2/settings.xml}, {@code
     * ~/.m2/settings-security.xml}, and {@code conf/settings.xml} of {@code MAVEN_HOME}, else of
     * {@code M2_HOME}, where one of them is set.
     */
    public static SettingsFiles ofUser() {
        Path folder = Path.of(System.getProperty("user.home"), ".m2");
        return in(folder, System.getenv());
    }

    static SettingsFiles in(Path folder, Map<String, String> environment) {
        String home = environment.getOrDefault("MAVEN_HOME", environment.get("M2_HOME"));
        return new SettingsFiles(
                folder.resolve("settings.xml"),
                home == null ? null : Path.of(home, "conf", "settings.xml"),
                folder.resolve("settings-security.xml"));
    }
}
