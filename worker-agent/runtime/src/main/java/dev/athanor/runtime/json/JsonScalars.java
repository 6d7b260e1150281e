package dev.athanor.runtime.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes numbers, booleans, strings and what is written as a string, of JSON. */
final class JsonScalars {
    private static final int SHOWN = 60;

    /** More digits than any use, and few enough to be written out. */
    private static final int MAX_DIGITS = 10_000;

    private static final Map<Class<?>, Function<String, Object>> WRITTEN =
            Map.ofEntries(
                    Map.entry(UUID.class, UUID::fromString),
                    Map.entry(URI.class, URI::create),
                    Map.entry(Path.class, Path::of),
                    Map.entry(Duration.class, Duration::parse),
                    Map.entry(Period.class, Period::parse),
                    Map.entry(Instant.class, Instant::parse),
                    Map.entry(LocalDate.class, LocalDate::parse),
                    Map.entry(LocalTime.class, LocalTime::parse),
                    Map.entry(LocalDateTime.class, LocalDateTime::parse),
                    Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
                    Map.entry(ZonedDateTime.class, ZonedDateTime::parse),
                    Map.entry(YearMonth.class, YearMonth::parse),
                    Map.entry(ZoneId.class, ZoneId::of));

    private static final Map<Class<?>, Function<BigDecimal, Number>> NUMBERS =
            Map.ofEntries(
                    Map.entry(byte.class, BigDecimal::byteValueExact),
                    Map.entry(Byte.class, BigDecimal::byteValueExact),
                    Map.entry(short.class, BigDecimal::shortValueExact),
                    Map.entry(Short.class, BigDecimal::shortValueExact),
                    Map.entry(int.class, BigDecimal::intValueExact),
                    Map.entry(Integer.class, BigDecimal::intValueExact),
                    Map.entry(long.class, BigDecimal::longValueExact),
                    Map.entry(Long.class, BigDecimal::longValueExact),
                    Map.entry(float.class, JsonScalars::toFloat),
                    Map.entry(Float.class, JsonScalars::toFloat),
                    Map.entry(double.class, JsonScalars::toDouble),
                    Map.entry(Double.class, JsonScalars::toDouble),
                    Map.entry(BigInteger.class, JsonScalars::toBigInteger),
                    Map.entry(BigDecimal.class, number -> number),
                    Map.entry(Number.class, JsonScalars::natural));

    private JsonScalars() {}

    static @Nullable Object bind(Object json, Class<?> type, String place) throws JsonException {
        if (type == Object.class) {
            return natural(json);
        }
        if (json instanceof BigDecimal number && NUMBERS.containsKey(type)) {
            try {
                return NUMBERS.get(type).apply(number);
            } catch (ArithmeticException e) {
                throw unfit(json, type, place, e);
            }
        }
        if (json instanceof Boolean && (type == boolean.class || type == Boolean.class)) {
            return json;
        }
        if (json instanceof String text) {
            if (type.isAssignableFrom(String.class)) {
                return text;
            }
            if ((type == char.class || type == Character.class) && text.length() == 1) {
                return text.charAt(0);
            }
            Function<String, Object> reading = WRITTEN.get(type);
            if (reading != null) {
                return read(reading, text, type, place);
            }
        }
        throw unfit(json, type, place, null);
    }

    private static Object read(
            Function<String, Object> reading, String text, Class<?> type, String place)
            throws JsonException {
        try {
            return reading.apply(text);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw unfit(text, type, place, e);
        }
    }

    private static JsonException unfit(
            Object json, Class<?> type, String place, @Nullable Throwable cause) {
        String got = ", got " + shown(json);
        boolean isKnown =
                NUMBERS.containsKey(type)
                        || WRITTEN.containsKey(type)
                        || type == boolean.class
                        || type == Boolean.class
                        || type == char.class
                        || type == Character.class
                        || type.isAssignableFrom(String.class);
        return new JsonException(
                isKnown
                        ? place + ": expected " + type.getSimpleName() + got
                        : place
                                + ": a "
                                + type.getName()
                                + " cannot be made of JSON: declare a record, a map, a list, a"
                                + " string or a number",
                cause);
    }

    /** As it is where nothing is declared: numbers are Long, BigInteger or Double. */
    private static @Nullable Object natural(@Nullable Object json) {
        if (json instanceof BigDecimal number) {
            return natural(number);
        }
        if (json instanceof List<?> values) {
            List<@Nullable Object> list = new ArrayList<>();
            values.forEach(value -> list.add(natural(value)));
            return list;
        }
        if (json instanceof Map<?, ?> values) {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            values.forEach((name, value) -> map.put(name, natural(value)));
            return map;
        }
        return json;
    }

    private static Number natural(BigDecimal number) {
        if (number.scale() > 0) {
            return number.doubleValue();
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return number.precision() - (long) number.scale() > MAX_DIGITS
                    ? (Number) number.doubleValue()
                    : number.toBigIntegerExact();
        }
    }

    private static BigInteger toBigInteger(BigDecimal number) {
        if (number.precision() - (long) number.scale() > MAX_DIGITS) {
            throw new ArithmeticException("too many digits");
        }
        return number.toBigIntegerExact();
    }

    private static Double toDouble(BigDecimal number) {
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("too large");
        }
        return value;
    }

    private static Float toFloat(BigDecimal number) {
        float value = number.floatValue();
        if (!Float.isFinite(value)) {
            throw new ArithmeticException("too large");
        }
        return value;
    }

    /** What was given, shortened, for a message. */
    static String shown(@Nullable Object json) {
        if (json instanceof String text) {
            return '"' + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + '"';
        }
        if (json instanceof List<?>) {
            return "an array";
        }
        return json instanceof Map<?, ?> ? "an object" : String.valueOf(json);
    }
}
