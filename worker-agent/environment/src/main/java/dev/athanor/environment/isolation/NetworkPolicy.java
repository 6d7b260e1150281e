package dev.athanor.environment.isolation;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the network is to sandboxes.
 *
 * @param outbound whether functions may have it at all
 * @param denied what they may not reach even so, beside this machine and link-local addresses: host
 *     names, IPv4 addresses, or ranges such as {@code 10.0.0.0/8}
 */
public record NetworkPolicy(boolean outbound, List<String> denied) {
    /** Link-local, with the metadata services of clouds, and what is for several machines. */
    private static final List<String> ALWAYS_DENIED =
            List.of("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32");

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern RANGE =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}/(3[0-2]|[12]?\\d)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    /** Refuses what is neither a host nor a range. */
    public NetworkPolicy {
        denied = List.copyOf(denied);
        for (String each : denied) {
            if (!RANGE.matcher(each).matches() && !HOST.matcher(each).matches()) {
                throw new IllegalArgumentException(
                        "'%s' is no host name, no IPv4 address and no range such as 10.0.0.0/8"
                                .formatted(each));
            }
        }
    }

    /** Everything outside of this machine. */
    public static NetworkPolicy open() {
        return new NetworkPolicy(true, List.of());
    }

    /**
     * This, with more that is denied.
     *
     * @param more host names or ranges
     */
    public NetworkPolicy denying(List<String> more) {
        Set<String> all = new LinkedHashSet<>(denied);
        all.addAll(more);
        return new NetworkPolicy(outbound, List.copyOf(all));
    }

    /**
     * What is denied now, as IPv4 ranges. Sandboxes have no IPv6. A host that has no address now
     * cannot be reached by its name either.
     */
    public List<String> ranges() {
        Set<String> ranges = new LinkedHashSet<>(ALWAYS_DENIED);
        for (String each : denied) {
            if (RANGE.matcher(each).matches()) {
                ranges.add(each);
            } else {
                ranges.addAll(addresses(each));
            }
        }
        ranges.addAll(ownAddresses());
        // The sandbox's own loopback is nobody else's.
        ranges.removeIf(range -> range.startsWith("127."));
        return List.copyOf(ranges);
    }

    private static List<String> addresses(String host) {
        try {
            List<String> addresses = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                add(addresses, address);
            }
            return addresses;
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    private static List<String> ownAddresses() {
        try {
            List<String> addresses = new ArrayList<>();
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    add(addresses, address.getAddress());
                }
            }
            return addresses;
        } catch (SocketException e) {
            throw new IllegalStateException("this machine does not tell its addresses", e);
        }
    }

    private static void add(List<String> addresses, InetAddress address) {
        if (address instanceof Inet4Address) {
            addresses.add(address.getHostAddress() + "/32");
        }
    }
}
