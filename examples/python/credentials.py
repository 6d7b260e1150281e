"""Key-based credentials, for a cluster that asks for them."""

from athanor import CloudKeyCredentials, isolated

credentials = CloudKeyCredentials(key_id='your-key-id', key_secret='your-key-secret')


@isolated(credentials=credentials)
def my_function():
    return "hello world"


if __name__ == "__main__":
    print(my_function())
