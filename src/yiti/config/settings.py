"""Django's settings. Everything that differs between places comes from `environment`."""

from __future__ import annotations

from yiti.config.environment import ROOT, DatabaseRole, Environment
from yiti.config.watch.logs import style_for

ENV = Environment()  # type: ignore[call-arg]
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = ENV.hosts.split(",")
ROOT_URLCONF = "yiti.config.urls"
WSGI_APPLICATION = "yiti.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

YITI_ROOMS = [
    "yiti.foundation.access",
    "yiti.foundation.audit",
    "yiti.foundation.outbox",
    "yiti.foundation.jobs",
    "yiti.foundation.rules",
    "yiti.foundation.accounts",
    "yiti.foundation.web",
    "yiti.foundation.drafts",
    "yiti.foundation.administration",
    "yiti.registry.terminology",
    "yiti.registry.facilities",
    "yiti.registry.staff",
    "yiti.registry.residents",
    "yiti.spine.episodes",
    "yiti.spine.handoffs",
    "yiti.care.referrals",
    "yiti.config",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *YITI_ROOMS,
]

MIDDLEWARE = [
    "yiti.foundation.web.middleware.RequestIdMiddleware",
    "yiti.config.watch.requests.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "yiti.foundation.web.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yiti.foundation.web.limits.SizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiti.foundation.accounts.middleware.IdleSignOutMiddleware",
    "yiti.config.actor.ActorMiddleware",
    "yiti.foundation.web.trouble.TroubleMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yiti.config.slots.shell",
            ],
        },
    }
]
FORM_RENDERER = "yiti.foundation.web.rendering.FormRenderer"

DATABASES = {"default": ENV.database()}
ATOMIC_REQUESTS = False

# The shared cache counts failed sign-ins: with Django's 300 entries, 300 made-up names would push out the
# count of a real one. What is counted for limits stays in the memory of each process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "limits": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

# --- what a request may be ---------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes without files; the longest form has a few texts of 2,000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# --- who signs in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["yiti.foundation.accounts.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "yiti.foundation.accounts.validators.NotTheAccountValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "yiti.foundation.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"login": "yiti.foundation.accounts.forms.SignInForm"}
# Per account only: a whole clinic stands behind one address (decision 23).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key"}

MFA_ADAPTER = "yiti.foundation.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "yiti.foundation.accounts.forms.CodeForm",
    "activate_totp": "yiti.foundation.accounts.forms.BindForm",
}
MFA_TOTP_ISSUER = "Yiti"
MFA_TOTP_TOLERANCE = 1  # clocks of cheap phones are off
YITI_SECOND_FACTOR = ENV.second_factor

IDLE_MINUTES = 15
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV.https
# A browser takes such a cookie only over https, for this host alone and for all its paths.
YITI_COOKIE_PREFIX = "__Host-" if ENV.https else ""
SESSION_COOKIE_NAME = f"{YITI_COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{YITI_COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{YITI_COOKIE_PREFIX}language"
MESSAGE_STORAGE = "yiti.config.notices.Notices"
# With YITI_HTTPS a proxy in front ends TLS; it must set this header itself and pass on no one else's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked for on the machine itself
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.https
CSRF_FAILURE_VIEW = "yiti.foundation.web.views.csrf_failed"
X_FRAME_OPTIONS = "DENY"

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "src" / "yiti" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static-collected"
YITI_GUIDE = ROOT / "docs" / "guide"
STATICFILES_DIRS = [("guide", YITI_GUIDE / "images")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV.debug
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV.debug
WHITENOISE_ALLOW_ALL_ORIGINS = False
YITI_RULEBOOK = ROOT / "rulebook"
YITI_EXAMPLES = ROOT / "examples"
YITI_COUNTY = ENV.county

# --- being watched ---------------------------------------------------------------------------
YITI_METRICS_TOKEN = ENV.metrics_token
YITI_MARKS = ENV.marks
YITI_DISK = ENV.disk  # the disk of the embedded server; "" for a PostgreSQL of one's own
LOGGING_CONFIG = "yiti.config.watch.logs.set_up"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "told": {
            "()": "yiti.config.watch.logs.formatter",
            "process": "worker" if ENV.role is DatabaseRole.WORKER else "pages",
            "style": style_for(ENV.log, debug=ENV.debug),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "told"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Refusals (4xx) have their line of the request; Django's own of a 500 says where it broke.
    "loggers": {"yiti": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
