"""The least that a stream process needs when it runs alone: a key and a broker."""

import os

SECRET_KEY = os.environ["SECRET_KEY"]
REDIS_URL = os.environ["REDIS_URL"]
USE_TZ = True
