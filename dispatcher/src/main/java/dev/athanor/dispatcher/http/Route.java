package dev.athanor.dispatcher.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;

/**
 * What is done for requests of a method and a path, which {@code openapi.json} describes.
 *
 * @param path with {@code {name}} for what varies
 */
record Route(HandlerType method, String path, Action action) {
    /** Answers a request of somebody who may be let in. */
    @FunctionalInterface
    interface Action {
        void answer(Context context, Requester requester) throws Exception;
    }

    static Route post(String path, Action action) {
        return new Route(HandlerType.POST, path, action);
    }

    static Route put(String path, Action action) {
        return new Route(HandlerType.PUT, path, action);
    }

    static Route delete(String path, Action action) {
        return new Route(HandlerType.DELETE, path, action);
    }

    static Route get(String path, Action action) {
        return new Route(HandlerType.GET, path, action);
    }
}
