package dev.athanor.dispatcher.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.dispatcher.function.Parameter.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a function takes, and so which arguments fit it: an array by position, or an object by name.
 *
 * @param takesAllByPosition whether an array has to hold every parameter, as Java wants it
 */
record Signature(List<Parameter> parameters, boolean takesAllByPosition) {
    /**
     * @throws FunctionException when they do not fit; the message names the parameter
     */
    void check(JsonNode arguments) {
        Optional<String> misfit;
        if (arguments.isArray()) {
            misfit = misfitByPosition(arguments);
        } else if (arguments.isObject()) {
            misfit = misfitByName(arguments);
        } else {
            misfit =
                    Optional.of(
                            "arguments are an array, or an object by the names of parameters; got "
                                    + ValueSchema.shown(arguments));
        }
        misfit.ifPresent(message -> {
            throw FunctionException.invalid(message);
        });
    }

    private Optional<String> misfitByPosition(JsonNode arguments) {
        int next = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            switch (parameter.kind()) {
                case ANY, POSITIONAL_ONLY -> {
                    if (next < arguments.size()) {
                        Optional<String> misfit = misfit(parameter, arguments.get(next), i);
                        if (misfit.isPresent()) {
                            return misfit;
                        }
                        next++;
                    } else if (parameter.isRequired() || takesAllByPosition) {
                        return wrongNumber(arguments.size());
                    }
                }
                case MORE_POSITIONAL -> {
                    for (; next < arguments.size(); next++) {
                        Optional<String> misfit = misfit(parameter, arguments.get(next), i);
                        if (misfit.isPresent()) {
                            return misfit;
                        }
                    }
                }
                case NAMED_ONLY -> {
                    if (parameter.isRequired()) {
                        return Optional.of(parameter.place(i) + " is given by name only");
                    }
                }
                case MORE_NAMED -> {
                    // Nothing is given by name.
                }
            }
        }
        return next < arguments.size() ? wrongNumber(arguments.size()) : Optional.empty();
    }

    private Optional<String> wrongNumber(int given) {
        List<String> names =
                parameters.stream()
                        .filter(each ->
                                each.kind() == Kind.ANY || each.kind() == Kind.POSITIONAL_ONLY)
                        .map(Parameter::shown)
                        .toList();
        String missing =
                given < names.size()
                        ? ": parameter \"%s\" is missing".formatted(names.get(given))
                        : "";
        return Optional.of(
                "the function takes %d %s (%s), got %d%s"
                        .formatted(
                                names.size(),
                                names.size() == 1 ? "argument" : "arguments",
                                String.join(", ", names),
                                given,
                                missing));
    }

    private Optional<String> misfitByName(JsonNode arguments) {
        Set<String> known = new HashSet<>();
        Optional<Parameter> more = Optional.empty();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (parameter.kind() == Kind.MORE_NAMED) {
                more = Optional.of(parameter);
                continue;
            }
            if (parameter.kind() == Kind.MORE_POSITIONAL) {
                continue;
            }
            String name = parameter.name();
            if (name == null) {
                return Optional.of(
                        "the names of its parameters are not known: give the arguments as an array,"
                                + " or deploy it compiled with -parameters");
            }
            boolean isNamed = parameter.kind() != Kind.POSITIONAL_ONLY;
            if (isNamed && arguments.has(name)) {
                known.add(name);
                Optional<String> misfit = misfit(parameter, arguments.get(name), i);
                if (misfit.isPresent()) {
                    return misfit;
                }
            } else if (parameter.isRequired()) {
                return Optional.of(
                        parameter.place(i)
                                + (isNamed ? " is missing" : " is given by position only"));
            }
        }
        return misfitOfOthers(arguments, known, more);
    }

    private Optional<String> misfitOfOthers(
            JsonNode arguments, Set<String> known, Optional<Parameter> more) {
        for (Map.Entry<String, JsonNode> entry : arguments.properties()) {
            String name = entry.getKey();
            if (known.contains(name)) {
                continue;
            }
            String place = "parameter \"%s\"".formatted(ValueSchema.shorter(name));
            Optional<String> misfit =
                    more.isPresent()
                            ? ValueSchema.misfit(more.get().schema(), entry.getValue(), place)
                            : Optional.of("the function has no " + place + ", but " + names());
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }

    private List<String> names() {
        return parameters.stream().map(Parameter::name).filter(Objects::nonNull).toList();
    }

    private static Optional<String> misfit(Parameter parameter, JsonNode value, int index) {
        return ValueSchema.misfit(parameter.schema(), value, parameter.place(index));
    }
}
