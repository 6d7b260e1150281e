"""A directory that is uploaded to /data. Run where there is a directory path/to/local/dir."""

from athanor import isolated, sync_dir

# Upload a local directory to the persistent /data directory
remote_dir = sync_dir("path/to/local/dir", "/data/remote_dir")


# An isolated function to list the contents of the uploaded directory
@isolated
def test():
    import os
    os.system(f"ls {remote_dir}")


# Execute the test function
test()  # prints contents of the uploaded directory
