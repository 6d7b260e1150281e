"""A cluster, which is asked by way of its dispatcher."""

from athanor._cloud.batch import Batch, BatchProgress, BatchResult
from athanor._cloud.host import CloudHost
from athanor._cloud.job import Job, JobStatus

__all__ = ["Batch", "BatchProgress", "BatchResult", "CloudHost", "Job", "JobStatus", "cloud"]

cloud = CloudHost()
