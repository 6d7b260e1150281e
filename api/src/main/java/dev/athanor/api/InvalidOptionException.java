package dev.athanor.api;

/** An option has a value that it cannot have. */
public final class InvalidOptionException extends AthanorException {
    private static final long serialVersionUID = 1L;

    private final String option;

    /**
     * @param option name of the option
     * @param value what was given
     * @param legal what could have been given
     */
    public InvalidOptionException(String option, String value, String legal) {
        super("%s(%s) is not possible: expected %s".formatted(option, value, legal), null, false);
        this.option = option;
    }

    /** The option's name. */
    public String option() {
        return option;
    }
}
