package dev.athanor.environment.testing;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * User code that takes nothing.
 *
 * @param <R> what it returns
 */
public interface Function<R> extends Callable<R>, Serializable {}
