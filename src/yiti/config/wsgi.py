"""The pages as a WSGI application, for granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiti.config.settings")
application = get_wsgi_application()
# What is loaded now stays: else a page waits now and then while all of it is looked through for rubbish.
gc.collect()
gc.freeze()
