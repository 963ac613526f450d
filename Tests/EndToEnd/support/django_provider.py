"""An OpenID provider made of django-oauth-toolkit: its own login form, codes, refresh tokens and keys.

    django_provider.py HOME REDIRECT_URI PORT

says "port N", serves, and reads what changes from its standard input, a list of JSON on each line; it answers "done" to each, and ends
with its input:

    ["user", NAME, PASSWORD, GROUP…]      makes the user, or gives it these groups; without a password it stays as it is
    ["remove", NAME]
"""

from __future__ import annotations

import json
import os
import pathlib
import socketserver
import sys
import threading
import wsgiref.simple_server

HOME = pathlib.Path(sys.argv[1])
CLIENT_ID, CLIENT_SECRET = "gatehouse", "the secret of the gateway"
FORM = '<form method="post">{% csrf_token %}{{ form.as_p }}<input type="hidden" name="next" value="{{ next }}"><button>Sign in</button></form>'


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    path = HOME / "key.pem"
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path.read_text()


def configure(port: int) -> None:
    import django
    from django.conf import settings

    settings.configure(
        DEBUG=False, SECRET_KEY="for tests only", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="__main__", USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "provider.db", "OPTIONS": {"timeout": 20}}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware"],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": FORM})]}}],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/login/", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": key(), "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "SCOPES": {"openid": "OpenID", "profile": "Profile", "offline_access": "Later"},
            "OAUTH2_VALIDATOR_CLASS": "__main__.Validator", "PKCE_REQUIRED": True, "ROTATE_REFRESH_TOKEN": True,
        })
    django.setup()


def define() -> None:
    """What needs a configured Django: the claims, and where things lie."""
    from django.contrib.auth.views import LoginView
    from django.urls import include, path
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        oidc_claim_scope = None

        def get_additional_claims(self, request) -> dict:
            return {
                "name": request.user.get_full_name() or request.user.username, "preferred_username": request.user.username,
                "groups": sorted(request.user.groups.values_list("name", flat=True)),
            }

    globals()["Validator"] = Validator
    globals()["urlpatterns"] = [path("o/", include("oauth2_provider.urls")), path("login/", LoginView.as_view())]


def make_client(redirect_uri: str) -> None:
    from oauth2_provider.models import Application

    client, _ = Application.objects.get_or_create(client_id=CLIENT_ID, defaults={
        "name": "Gatehouse", "client_secret": CLIENT_SECRET, "client_type": "confidential", "redirect_uris": redirect_uri,
        "authorization_grant_type": "authorization-code", "algorithm": "RS256", "skip_authorization": True})
    Application.objects.filter(pk=client.pk).update(redirect_uris=redirect_uri)


def change(action: str, name: str, password: str = "", *groups: str) -> None:
    from django.contrib.auth.models import Group, User

    if action == "remove":
        User.objects.get(username=name).delete()
        return
    user, _ = User.objects.get_or_create(username=name)
    if password:
        user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])


def main() -> None:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    is_new = not (HOME / "provider.db").exists()
    server = Server(("127.0.0.1", int(sys.argv[3])), Quiet)
    configure(server.server_port)
    define()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    if is_new:
        call_command("migrate", verbosity=0)
    make_client(sys.argv[2])
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"port {server.server_port}", flush=True)
    for line in sys.stdin:
        change(*json.loads(line))
        print("done", flush=True)


main()
