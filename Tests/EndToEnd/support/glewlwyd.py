"""glewlwyd of Debian: an OpenID provider in C with its own database, set up through its API.

Its login page is a program in the browser, so `sign_in` does by the API what that program does.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import sqlite3
import subprocess
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .browser import Browser, Page
from .gateway import ReservedPort
from .places import ROOT

CLIENT_ID, CLIENT_SECRET = "gatehouse", "the-secret-of-the-gateway"
# Where its package was unpacked, or installed.
PLACE = next((place for place in (ROOT / ".build" / "tools", pathlib.Path("/")) if (place / "usr/bin/glewlwyd").exists()), pathlib.Path("/"))
SCRIPT = PLACE / "usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
MODULES = PLACE / "usr/lib/glewlwyd"


class Glewlwyd:
    """One provider; the administrator of its fresh database is `admin` with `password`."""

    def __init__(self, home: pathlib.Path, redirect_uri: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.port = home, free_port()
        with contextlib.closing(sqlite3.connect(home / "glewlwyd.db")) as database:
            database.executescript(SCRIPT.read_text())
        self.configuration = home / "glewlwyd.conf"
        self.configuration.write_text(self._settings())
        self.process: subprocess.Popen | None = None
        self.admin = Browser()
        self.start()
        self._sign_in(self.admin, "admin", "password")
        self._set_up(redirect_uri)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.origin}/api/oidc"

    def _settings(self) -> str:
        return f"""
            port={self.port}
            bind_address="127.0.0.1"
            external_url="{self.origin}"
            login_url="login.html"
            api_prefix="api"
            static_files_path="{self.home}"
            log_mode="file"
            log_level="WARNING"
            log_file="{self.home / 'glewlwyd.log'}"
            cookie_secure=0
            session_expiration=3600
            session_key="GLEWLWYD2_SESSION_ID"
            admin_scope="g_admin"
            profile_scope="g_profile"
            user_module_path="{MODULES}/user"
            client_module_path="{MODULES}/client"
            user_auth_scheme_module_path="{MODULES}/scheme"
            plugin_module_path="{MODULES}/plugin"
            hash_algorithm="SHA512"
            login_api_enabled=true
            database = {{ type = "sqlite3"; path = "{self.home / 'glewlwyd.db'}"; }};
            """

    def start(self) -> None:
        with open(self.home / "out", "ab") as out:
            self.process = subprocess.Popen(
                [PLACE / "usr/bin/glewlwyd", "--config-file", self.configuration], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.home)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.home / "out").read_text()
            with contextlib.suppress(OSError):
                if Browser().request("GET", f"{self.origin}/api/auth/scheme/?username=admin&scopes=openid").status:
                    return
            time.sleep(0.05)
        raise AssertionError("glewlwyd is not ready")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    # --- Its API

    def _call(self, browser: Browser, method: str, path: str, value: object) -> Page:
        return _send_json(browser, method, f"{self.origin}/api{path}", value)

    def _change(self, method: str, path: str, value: object = None) -> None:
        page = self._call(self.admin, method, path, value)
        assert page.status == 200, (method, path, page.status, page.body)

    def _sign_in(self, browser: Browser, name: str, password: str) -> None:
        page = self._call(browser, "POST", "/auth/", {"username": name, "password": password})
        assert page.status == 200, (page.status, page.body)

    def _set_up(self, redirect_uri: str) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        formats = {name: {"multiple": True, "read": True, "write": True} for name in ("groups",)}
        self._change("PUT", "/mod/user/database", {
            "module": "database", "name": "database", "display_name": "Users", "readonly": False,
            "parameters": {"use-glewlwyd-connection": True, "data-format": formats}})
        # What a user can have is read when the module begins.
        self._change("PUT", "/mod/reload/")
        self._change("POST", "/mod/plugin/", {
            "module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "parameters": {
                "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": private.decode(), "cert": public.decode(),
                "access-token-duration": 3600, "refresh-token-duration": 86400, "code-duration": 60, "refresh-token-rolling": False,
                "refresh-token-one-use": "always", "allow-non-oidc": True, "auth-type-code-enabled": True,
                "auth-type-refresh-enabled": True, "auth-type-token-enabled": False, "auth-type-id-token-enabled": True,
                "auth-type-none-enabled": False, "auth-type-password-enabled": False, "auth-type-client-enabled": False,
                "auth-type-device-enabled": False, "pkce-allowed": True, "pkce-method-plain-allowed": False, "jwks-show": True,
                "name-claim": "mandatory", "email-claim": "no", "scope-claim": "no", "subject-type": "public",
                "oauth-as-iss-id": True, "session-management-allowed": False,
                "claims": [{"name": "groups", "user-property": "groups", "type": "string", "mandatory": True, "on-demand": False, "scope": []}],
            }})
        self._change("POST", "/client/", {
            "client_id": CLIENT_ID, "name": "Gatehouse", "enabled": True, "confidential": True, "password": CLIENT_SECRET,
            "client_secret": CLIENT_SECRET, "redirect_uri": [redirect_uri], "authorization_type": ["code", "refresh_token"],
            "token_endpoint_auth_method": ["client_secret_basic"], "scope": ["openid"]})

    # --- Its users

    def user(self, name: str, password: str, *groups: str) -> None:
        self._change("POST", "/user/", {
            "username": name, "name": name.title(), "password": password, "enabled": True, "scope": ["openid"], "groups": list(groups)})

    def regroup(self, name: str, *groups: str) -> None:
        self._change("PUT", f"/user/{name}", {"name": name.title(), "enabled": True, "scope": ["openid"], "groups": list(groups)})

    def remove(self, name: str) -> None:
        self._change("DELETE", f"/user/{name}")

    # --- In the browser

    def sign_in(self, browser: Browser, url: str, name: str, password: str) -> str:
        """From the provider's authorization endpoint back to the gateway."""
        self._sign_in(browser, name, password)
        page = self._call(browser, "PUT", f"/auth/grant/{CLIENT_ID}", {"scope": "openid"})
        assert page.status == 200, (page.status, page.body)
        # What its page adds once the person has chosen to go on.
        page = browser.request("GET", url + "&g_continue")
        location = page.header("location")
        assert page.status == 302 and location, (page.status, page.body)
        return location


def free_port() -> int:
    """A port that is free now; glewlwyd itself cannot be told to take any."""
    reserved = ReservedPort()
    number = reserved.number
    reserved.socket.close()
    return number


def _send_json(browser: Browser, method: str, url: str, value: object) -> Page:
    return browser.request(method, url, raw=b"" if value is None else json.dumps(value).encode())
