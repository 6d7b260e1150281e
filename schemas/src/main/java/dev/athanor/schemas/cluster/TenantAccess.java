package dev.athanor.schemas.cluster;

import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a key may do on Kafka. A tenant's writes calls, cancellations, credits and its own blobs,
 * and reads its own replies and blobs; it has no group, no transactions and no topics of its own
 * making.
 */
final class TenantAccess {
    private static final String ANY_HOST = "*";

    private TenantAccess() {}

    static List<AclBinding> of(String keyId, KeyRole role, String tenant) {
        return role == KeyRole.OPERATOR ? ofOperator(keyId) : ofTenant(keyId, tenant);
    }

    private static List<AclBinding> ofTenant(String keyId, String tenant) {
        List<AclBinding> bindings = new ArrayList<>();
        allow(bindings, keyId, beginning(Topics.INVOCATIONS_PREFIX), AclOperation.WRITE);
        allow(bindings, keyId, beginning(Topics.LANE_PREFIX), AclOperation.WRITE);
        allow(bindings, keyId, topic(Topics.CANCELLATIONS), AclOperation.WRITE);
        allow(bindings, keyId, topic(Topics.CREDITS), AclOperation.WRITE);
        allow(bindings, keyId, topic(Topics.blobs(tenant)), AclOperation.WRITE);
        allow(bindings, keyId, topic(Topics.blobs(tenant)), AclOperation.READ);
        allow(bindings, keyId, topic(Topics.replies(tenant)), AclOperation.READ);
        allow(bindings, keyId, topic(Topics.MACHINE_TYPES), AclOperation.READ);
        return bindings;
    }

    private static List<AclBinding> ofOperator(String keyId) {
        List<AclBinding> bindings = new ArrayList<>();
        for (ResourceType type :
                List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
            ResourcePattern all =
                    new ResourcePattern(
                            type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL);
            allow(bindings, keyId, all, AclOperation.ALL);
        }
        ResourcePattern cluster =
                new ResourcePattern(
                        ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
        allow(bindings, keyId, cluster, AclOperation.ALL);
        return bindings;
    }

    private static void allow(
            List<AclBinding> bindings,
            String keyId,
            ResourcePattern resource,
            AclOperation operation) {
        bindings.add(
                new AclBinding(
                        resource,
                        new AccessControlEntry(
                                principal(keyId), ANY_HOST, operation, AclPermissionType.ALLOW)));
    }

    private static ResourcePattern topic(String name) {
        return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
    }

    private static ResourcePattern beginning(String prefix) {
        return new ResourcePattern(ResourceType.TOPIC, prefix, PatternType.PREFIXED);
    }

    /** Everything that a key was ever allowed. */
    static AclBindingFilter allOf(String keyId) {
        return new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(
                        principal(keyId), null, AclOperation.ANY, AclPermissionType.ANY));
    }

    private static String principal(String keyId) {
        return "User:" + keyId;
    }
}
