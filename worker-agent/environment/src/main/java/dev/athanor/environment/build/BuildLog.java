package dev.athanor.environment.build;

/** Takes the lines that a build prints for people. */
@FunctionalInterface
public interface BuildLog {
    /**
     * Takes one line.
     *
     * @param text without a line end
     */
    void line(String text);

    /** Returns a log that drops everything. */
    static BuildLog discarding() {
        return text -> {};
    }
}
