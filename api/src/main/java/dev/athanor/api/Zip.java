package dev.athanor.api;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Argument lists out of one input for each parameter; ends with the shortest. */
final class Zip implements Iterator<@Nullable Object[]> {
    private final List<? extends Iterator<?>> inputs;

    private Zip(List<? extends Iterator<?>> inputs) {
        this.inputs = inputs;
    }

    static Zip of(Iterable<?>... inputs) {
        return new Zip(Arrays.stream(inputs).map(Iterable::iterator).toList());
    }

    /** Of what is left of one input. */
    static Zip of(Iterator<?> input) {
        return new Zip(List.of(input));
    }

    @Override
    public boolean hasNext() {
        return inputs.stream().allMatch(Iterator::hasNext);
    }

    @Override
    public @Nullable Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return inputs.stream().map(Iterator::next).toArray();
    }
}
