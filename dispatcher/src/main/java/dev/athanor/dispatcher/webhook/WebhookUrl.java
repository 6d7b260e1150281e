package dev.athanor.dispatcher.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address that is told of the end of a job.
 *
 * @param host as it is written, without brackets
 * @param port never left out
 * @param target path and query as they are sent
 */
public record WebhookUrl(boolean isSecure, String host, int port, String target) {
    private static final int LONGEST = 2_048;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is no address of HTTP, or has a name and password
     */
    public static WebhookUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(e.getReason(), e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isSecure = scheme.equals("https");
        String host = uri.getHost();
        if (text.length() > LONGEST
                || host == null
                || uri.getRawUserInfo() != null
                || uri.getPort() > HIGHEST_PORT
                || uri.getPort() == 0
                || !text.chars().allMatch(each -> each > ' ' && each < 127)
                || !(isSecure || scheme.equals("http"))) {
            throw invalid(
                    "http or https, a host, and neither name nor password, in %,d characters"
                            .formatted(LONGEST),
                    null);
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        int usual = isSecure ? HTTPS_PORT : HTTP_PORT;
        return new WebhookUrl(
                isSecure,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? usual : uri.getPort(),
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static IllegalArgumentException invalid(String expected, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "the webhook is no address that can be told: " + expected, cause);
    }

    /** As requests name it. */
    String authority() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        int usual = isSecure ? HTTPS_PORT : HTTP_PORT;
        return port == usual ? name : name + ":" + port;
    }
}
