"""A cluster, which is asked by way of its dispatcher."""

from athanor._cloud.host import CloudHost
from athanor._cloud.job import Job, JobStatus

__all__ = ["CloudHost", "Job", "JobStatus", "cloud"]

cloud = CloudHost()
