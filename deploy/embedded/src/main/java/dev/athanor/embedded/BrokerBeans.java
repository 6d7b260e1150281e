package dev.athanor.embedded;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Reads what the broker of this process counts. Safe for any number of threads. */
final class BrokerBeans {
    private BrokerBeans() {}

    /** The sum of an attribute over all beans of that pattern which have it. */
    static double sum(String pattern, String attribute) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        double sum = 0;
        try {
            for (ObjectName bean : server.queryNames(new ObjectName(pattern), null)) {
                boolean hasIt =
                        Arrays.stream(server.getMBeanInfo(bean).getAttributes())
                                .anyMatch(each -> each.getName().equals(attribute));
                if (hasIt && server.getAttribute(bean, attribute) instanceof Number number) {
                    sum += number.doubleValue();
                }
            }
            return sum;
        } catch (JMException e) {
            throw new IllegalStateException("cannot read " + attribute, e);
        }
    }
}
