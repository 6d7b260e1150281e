package dev.athanor.environment.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Mounts the tenant's folder at {@code /data}, in a mount namespace of the sandbox's own. The
 * folder that holds those of all tenants is covered there by an empty one, unless sandboxes need
 * something in it.
 */
public final class MountedData implements DataView {
    static final String PATH = "/data";

    /** Mounts, then becomes the command; nothing of it ever runs without. */
    private static final String MOUNT =
            "mount -n --bind \"$1\" \"$2\" && { [ -z \"$3\" ] || mount -n -t tmpfs -o"
                    + " ro,mode=0555,size=4k athanor \"$3\"; } && shift 3 && exec \"$@\"";

    private static final long PROBE_SECONDS = 10;

    private final Path mountPoint;

    /** Folder that sandboxes see empty; no text: none. */
    private final String hidden;

    private MountedData(Path mountPoint, String hidden) {
        this.mountPoint = mountPoint;
        this.hidden = hidden;
    }

    /**
     * Finds out whether that is permitted, and makes {@code /data} where it is missing.
     *
     * @param volume where the folders of tenants are; made when missing
     * @param needed what sandboxes need to see: nothing of it may be below {@code /data}
     * @return how sandboxes see their folder
     * @throws IOException if the volume cannot be used
     */
    public static DataView find(Path volume, List<Path> needed) throws IOException {
        return find(Path.of(PATH), volume, needed);
    }

    static DataView find(Path mountPoint, Path volume, List<Path> needed) throws IOException {
        Path folders = Files.createDirectories(volume).toRealPath();
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return new NamedData("mounting it needs Linux");
        }
        try {
            if (!Files.isDirectory(mountPoint)) {
                Files.createDirectory(mountPoint);
            }
            Path real = mountPoint.toRealPath();
            boolean hides = !folders.startsWith(real);
            for (Path path : needed) {
                if (real(path).startsWith(real)) {
                    return new NamedData(path + " is below it and would be hidden");
                }
                hides &= !real(path).startsWith(folders);
            }
            MountedData mounted = new MountedData(real, hides ? folders.toString() : "");
            String refusal = mounted.probe(folders);
            return refusal.isEmpty() ? mounted : new NamedData("mounting it failed: " + refusal);
        } catch (IOException e) {
            return new NamedData("it cannot be made or mounted: " + e);
        }
    }

    private static Path real(Path path) throws IOException {
        Path existing = path.toAbsolutePath().normalize();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toRealPath();
    }

    /** Mounts the volume itself, where nobody sees it; returns why that failed, or nothing. */
    private String probe(Path volume) throws IOException {
        Process process =
                new ProcessBuilder(command(List.of("/bin/sh", "-c", ":"), volume))
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return "";
            }
            return said.isBlank() ? "without a reason" : said.strip().replaceAll("\\s+", " ");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public List<String> command(List<String> command, Path folder) {
        List<String> mounting =
                new ArrayList<>(
                        List.of(
                                "unshare",
                                "--mount",
                                "--propagation",
                                "private",
                                "--",
                                "/bin/sh",
                                "-c",
                                MOUNT,
                                "athanor",
                                folder.toString(),
                                mountPoint.toString(),
                                hidden));
        mounting.addAll(command);
        return mounting;
    }

    @Override
    public String seenAs(Path folder) {
        return mountPoint.toString();
    }

    @Override
    public boolean isMounted() {
        return true;
    }

    @Override
    public String description() {
        return "functions see it as " + mountPoint;
    }
}
