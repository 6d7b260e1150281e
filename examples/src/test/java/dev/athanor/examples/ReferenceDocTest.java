package dev.athanor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference shows what the examples hold, each region once. */
class ReferenceDocTest {
    private static final Path DOC = Path.of("../docs/reference.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/athanor/examples");
    private static final Pattern SNIPPET =
            Pattern.compile(
                    "<!-- example: (?<name>\\S+) -->\\n```java\\n(?<code>.*?)\\n```",
                    Pattern.DOTALL);
    private static final Pattern JAVA_BLOCK = Pattern.compile("^```java$", Pattern.MULTILINE);

    @Test
    void everySnippetIsARegionOfAnExampleAndTheOtherWayRound() throws IOException {
        assertThat(snippets(Files.readString(DOC))).isEqualTo(regions());
    }

    @Test
    void noSnippetIsWithoutAnExample() throws IOException {
        String doc = Files.readString(DOC);

        assertThat(JAVA_BLOCK.matcher(doc).results()).hasSize(snippets(doc).size());
    }

    private static Map<String, String> snippets(String doc) {
        Map<String, String> snippets = new TreeMap<>();
        Matcher matcher = SNIPPET.matcher(doc);
        while (matcher.find()) {
            assertThat(snippets.put(matcher.group("name"), matcher.group("code"))).isNull();
        }
        return snippets;
    }

    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new TreeMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                String example = file.getFileName().toString().replace(".java", "");
                regions(Files.readAllLines(file))
                        .forEach((name, code) -> regions.put(example + "#" + name, code));
            }
        }
        return regions;
    }

    /** Parts of a region with the same name belong together. */
    private static Map<String, String> regions(List<String> lines) {
        Map<String, String> regions = new LinkedHashMap<>();
        String name = "";
        List<String> part = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.startsWith("// region ")) {
                name = text.substring("// region ".length());
                part.clear();
            } else if (text.equals("// endregion")) {
                String code = String.join("\n", part).stripTrailing().stripIndent();
                String separator = name.endsWith("-call") ? "\n" : "\n\n";
                regions.merge(name, code, (before, after) -> before + separator + after);
                name = "";
            } else if (!name.isEmpty()) {
                part.add(line);
            }
        }
        return regions;
    }
}
