package dev.athanor.api;

/** One option of an isolated function, made by {@link Athanor}. Immutable. */
public final class Option {
    private final Setting<?> setting;
    private final Object value;

    Option(Setting<?> setting, Object value) {
        this.setting = setting;
        this.value = value;
    }

    Setting<?> setting() {
        return setting;
    }

    Object value() {
        return value;
    }

    @Override
    public String toString() {
        return setting.name() + "(" + Setting.text(value) + ")";
    }
}
