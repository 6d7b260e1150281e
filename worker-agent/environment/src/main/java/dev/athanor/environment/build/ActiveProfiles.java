package dev.athanor.environment.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.maven.model.Activation;
import org.apache.maven.model.ActivationOS;
import org.apache.maven.model.ActivationProperty;
import org.apache.maven.model.Profile;
import org.apache.maven.model.profile.DefaultProfileActivationContext;
import org.apache.maven.model.profile.DefaultProfileSelector;
import org.apache.maven.model.profile.activation.JdkVersionProfileActivator;
import org.apache.maven.model.profile.activation.OperatingSystemProfileActivator;
import org.apache.maven.model.profile.activation.PropertyProfileActivator;
import org.apache.maven.settings.Settings;

/**
 * Finds the active profiles of settings by Maven's own rules: named as active, active by default,
 * by JDK, operating system or property. A profile that depends on a file is not activated: there is
 * no project whose folder it could be in.
 */
final class ActiveProfiles {
    private ActiveProfiles() {}

    static List<org.apache.maven.settings.Profile> of(Settings settings, Properties properties) {
        DefaultProfileActivationContext context =
                new DefaultProfileActivationContext()
                        .setActiveProfileIds(settings.getActiveProfiles())
                        .setSystemProperties(properties);
        List<Profile> candidates = new ArrayList<>();
        settings.getProfiles().forEach(profile -> candidates.add(converted(profile)));
        Map<String, org.apache.maven.settings.Profile> byId =
                settings.getProfiles().stream()
                        .collect(
                                Collectors.toMap(
                                        org.apache.maven.settings.Profile::getId,
                                        profile -> profile,
                                        (first, second) -> first));
        return new DefaultProfileSelector()
                        .addProfileActivator(new JdkVersionProfileActivator())
                        .addProfileActivator(new OperatingSystemProfileActivator())
                        .addProfileActivator(new PropertyProfileActivator())
                        .getActiveProfiles(candidates, context, problem -> {})
                        .stream()
                        .map(profile -> byId.get(profile.getId()))
                        .toList();
    }

    private static Profile converted(org.apache.maven.settings.Profile profile) {
        Profile converted = new Profile();
        converted.setId(profile.getId());
        if (profile.getActivation() != null) {
            converted.setActivation(converted(profile.getActivation()));
        }
        return converted;
    }

    private static Activation converted(org.apache.maven.settings.Activation activation) {
        Activation converted = new Activation();
        converted.setActiveByDefault(activation.isActiveByDefault());
        converted.setJdk(activation.getJdk());
        if (activation.getOs() != null) {
            ActivationOS os = new ActivationOS();
            os.setArch(activation.getOs().getArch());
            os.setFamily(activation.getOs().getFamily());
            os.setName(activation.getOs().getName());
            os.setVersion(activation.getOs().getVersion());
            converted.setOs(os);
        }
        if (activation.getProperty() != null) {
            ActivationProperty property = new ActivationProperty();
            property.setName(activation.getProperty().getName());
            property.setValue(activation.getProperty().getValue());
            converted.setProperty(property);
        }
        return converted;
    }
}
