package dev.athanor.api;

import java.io.Serializable;

/** Code of no parameters without a result, as a lambda or method reference gives it. */
@FunctionalInterface
public interface Procedure0 extends Serializable {
    void run() throws Exception;
}
