"""A cluster, which is asked by way of its dispatcher."""

from athanor._cloud.host import CloudHost

__all__ = ["CloudHost", "cloud"]

cloud = CloudHost()
