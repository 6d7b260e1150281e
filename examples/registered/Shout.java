import java.util.Locale;

/** Is called from Python, once it is deployed. */
public final class Shout {
    private Shout() {}

    static String shout(String text, int times) {
        return text.toUpperCase(Locale.ROOT) + "!".repeat(times);
    }
}
