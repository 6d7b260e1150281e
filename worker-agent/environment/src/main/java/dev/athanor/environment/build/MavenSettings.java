package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.AuthenticationSelector;
import org.eclipse.aether.repository.MirrorSelector;
import org.eclipse.aether.repository.ProxySelector;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

/** Maven's settings, merged, interpolated and decrypted. */
final class MavenSettings {
    private final Settings settings;
    private final Properties properties;
    private final List<Server> servers;
    private final List<Proxy> proxies;
    private final List<String> problems;

    private MavenSettings(
            Settings settings, Properties properties, SettingsDecryptionResult decrypted) {
        this.settings = settings;
        this.properties = properties;
        servers = decrypted.getServers();
        proxies = decrypted.getProxies();
        problems = decrypted.getProblems().stream().map(SettingsProblem::getMessage).toList();
    }

    /** Reads settings, with the system properties and environment variables that they may name. */
    static MavenSettings read(SettingsFiles files) {
        Properties properties = new Properties();
        System.getenv().forEach((name, value) -> properties.setProperty("env." + name, value));
        System.getProperties()
                .stringPropertyNames()
                .forEach(name -> properties.setProperty(name, System.getProperty(name, "")));
        DefaultSettingsBuildingRequest request =
                new DefaultSettingsBuildingRequest()
                        .setUserSettingsFile(files.user().toFile())
                        .setSystemProperties(properties);
        Path global = files.global();
        if (global != null) {
            request.setGlobalSettingsFile(global.toFile());
        }
        try {
            Settings settings =
                    new DefaultSettingsBuilderFactory()
                            .newInstance()
                            .build(request)
                            .getEffectiveSettings();
            return new MavenSettings(settings, properties, decrypted(settings, files.security()));
        } catch (SettingsBuildingException e) {
            throw new BuildFailedException(
                    e.getProblems().stream()
                            .map(MavenSettings::place)
                            .distinct()
                            .collect(
                                    Collectors.joining(
                                            ", ", "cannot read Maven's settings: ", "")));
        }
    }

    /** Problems of decryption, which matter only to who needs the password in question. */
    List<String> problems() {
        return problems;
    }

    boolean isOffline() {
        return settings.isOffline();
    }

    List<Profile> activeProfiles() {
        return ActiveProfiles.of(settings, properties);
    }

    MirrorSelector mirrors() {
        DefaultMirrorSelector selector = new DefaultMirrorSelector();
        for (Mirror mirror : settings.getMirrors()) {
            selector.add(
                    mirror.getId(),
                    mirror.getUrl(),
                    mirror.getLayout(),
                    false,
                    mirror.isBlocked(),
                    mirror.getMirrorOf(),
                    mirror.getMirrorOfLayouts());
        }
        return selector;
    }

    ProxySelector proxies() {
        DefaultProxySelector selector = new DefaultProxySelector();
        for (Proxy proxy : proxies) {
            if (proxy.isActive()) {
                selector.add(
                        new org.eclipse.aether.repository.Proxy(
                                proxy.getProtocol(),
                                proxy.getHost(),
                                proxy.getPort(),
                                authentication(proxy.getUsername(), proxy.getPassword())),
                        proxy.getNonProxyHosts());
            }
        }
        return selector;
    }

    AuthenticationSelector authentications() {
        DefaultAuthenticationSelector selector = new DefaultAuthenticationSelector();
        for (Server server : servers) {
            selector.add(
                    server.getId(), authentication(server.getUsername(), server.getPassword()));
        }
        return selector;
    }

    /** HTTP headers that the settings add for a server, by its id. */
    Map<String, Map<String, String>> headers() {
        Map<String, Map<String, String>> headers = new HashMap<>();
        for (Server server : servers) {
            if (server.getConfiguration() instanceof Xpp3Dom configuration
                    && configuration.getChild("httpHeaders") != null) {
                Map<String, String> ofServer = new HashMap<>();
                for (Xpp3Dom header : configuration.getChild("httpHeaders").getChildren()) {
                    ofServer.put(text(header, "name"), text(header, "value"));
                }
                headers.put(server.getId(), ofServer);
            }
        }
        return headers;
    }

    /** Takes the passwords of the settings out of text. */
    Redaction redaction() {
        List<String> secrets = new ArrayList<>();
        Stream.concat(
                        servers.stream()
                                .flatMap(s -> Stream.of(s.getPassword(), s.getPassphrase())),
                        proxies.stream().map(Proxy::getPassword))
                .filter(Objects::nonNull)
                .forEach(secrets::add);
        headers().values().forEach(ofServer -> secrets.addAll(ofServer.values()));
        return new Redaction(secrets);
    }

    private static SettingsDecryptionResult decrypted(Settings settings, Path security) {
        DefaultSecDispatcher dispatcher =
                new DefaultSecDispatcher(new DefaultPlexusCipher(), Map.of(), security.toString());
        return new DefaultSettingsDecrypter(dispatcher)
                .decrypt(new DefaultSettingsDecryptionRequest(settings));
    }

    /** Only the place: a parser's message quotes the text around it, which may be a password. */
    private static String place(SettingsProblem problem) {
        return problem.getSource()
                + " is not valid at line "
                + problem.getLineNumber()
                + ", column "
                + problem.getColumnNumber();
    }

    private static Authentication authentication(String username, String password) {
        return new AuthenticationBuilder().addUsername(username).addPassword(password).build();
    }

    private static String text(Xpp3Dom parent, String name) {
        Xpp3Dom child = parent.getChild(name);
        return child == null ? "" : Objects.requireNonNullElse(child.getValue(), "");
    }
}
