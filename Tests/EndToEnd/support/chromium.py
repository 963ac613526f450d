"""A real browser: Chromium without a window, driven by its keyboard; and a listener that plays the client's redirect URI."""

from __future__ import annotations

import base64
import http.server
import pathlib
import shutil
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from .places import ROOT

SCREENSHOTS = ROOT / ".build" / "results" / "screenshots"
VIEWS = {"desktop": (1280, 800, False, "light"), "phone": (360, 740, True, "light"), "dark": (1280, 800, False, "dark")}

# What a person with a phone, or with weak eyes, would stumble over.
LAYOUT = """
const found = [], all = [...document.querySelectorAll("body *")].filter(e => e.getClientRects().length);
const name = e => e.tagName.toLowerCase() + (e.name ? "[" + e.name + "]" : "") + (e.className ? "." + e.className : "") + " " + (e.innerText || "").slice(0, 30);
if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways: " + document.documentElement.scrollWidth + " of " + innerWidth);
for (const e of all) {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (box.left < 0 || box.right > innerWidth + 0.5) found.push("sticks out: " + name(e));
  if (e.matches("input:not([type=checkbox]), select, textarea") && parseFloat(style.fontSize) < 16) found.push("zooms on a phone at " + style.fontSize + ": " + name(e));
  if (e.matches("button, select, label.scope, input:not([type=checkbox])") && innerWidth < 600 && box.height < (40)) found.push("only " + box.height + " px high: " + name(e));
}
return found;
"""
CONTRAST = """
const found = [], parts = text => (text.match(/[0-9.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const ground = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
for (const e of document.querySelectorAll("body *")) {
  if (!e.getClientRects().length || !(e.matches("input") || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))) continue;
  const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))], ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) found.push(ratio.toFixed(2) + " to 1: " + e.tagName + " " + e.innerText.slice(0, 30));
}
return found;
"""


class Listener:
    """Plays the client at its redirect URI: keeps what arrives, and answers with a page."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.arrived: list[str] = []
        self.pages: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.policy = ""
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path != "/favicon.ico":
                    owner.arrived.append(self.path)
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                body = ('<!DOCTYPE html><link rel="icon" href="data:,">' + owner.pages.get(path, "<title>Arrived</title>")).encode()
                self.send_response(303 if path in owner.redirects else 200)
                if path in owner.redirects:
                    self.send_header("Location", owner.redirects[path])
                if owner.policy:
                    self.send_header("Content-Security-Policy", owner.policy)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6 if host == "[::1]" else socket.AF_INET
            daemon_threads = True

        self.server = Server(("::1" if host == "[::1]" else "127.0.0.1", 0), Handler)
        self.origin = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def callback(self) -> str:
        return self.origin + "/callback"

    def answer(self) -> dict[str, str]:
        """The parameters of the one authorization response that came."""
        answers = [path for path in self.arrived if path.startswith("/callback?")]
        assert len(answers) == 1, self.arrived
        query = urllib.parse.parse_qs(answers[0].partition("?")[2], keep_blank_values=True)
        assert all(len(values) == 1 for values in query.values()), query
        return {name: values[0] for name, values in query.items()}

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Chromium:
    """One browser with a profile of its own, which goes with it."""

    def __init__(self, profile: pathlib.Path, scripts: bool = True) -> None:
        binary, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
        assert binary and driver, "install the Debian packages chromium and chromium-driver"
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,800", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", f"--user-data-dir={profile}", "--host-resolver-rules=MAP *.example ~NOTFOUND",
        ):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"credentials_enable_service": False} | ({} if scripts else {"profile.managed_default_content_settings.javascript": 2}))
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService(driver))
        self.driver.set_page_load_timeout(20)

    def end(self) -> None:
        self.driver.quit()

    def forget(self) -> None:
        """No cookies, an empty console."""
        self.driver.switch_to.default_content()
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.console()

    def open(self, url: str) -> None:
        self.driver.get(url)

    @property
    def url(self) -> str:
        return self.driver.current_url

    @property
    def title(self) -> str:
        return self.driver.title

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def has(self, selector: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def until(self, check: Callable[[], object], seconds: float = 10) -> None:
        """Waits until `check` holds; a page that goes away meanwhile does not count."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if check():
                    return
            except Exception:
                if time.monotonic() > deadline:
                    raise
            assert time.monotonic() < deadline, f"it did not come true in time on {self.url}: {self.text[:500]}"
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Types at wherever the focus is."""
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()

    def is_at(self, selector: str) -> bool:
        return self.has(f":is({selector}):focus")

    def tab_to(self, selector: str) -> None:
        """Goes to an element with the Tab key alone; one sees where one is at every step."""
        for _ in range(20):
            if self.is_at(selector):
                return
            self.press(Keys.TAB)
            focused = self.driver.switch_to.active_element
            assert focused.value_of_css_property("outline-style") == "solid", f"nothing shows the focus on {focused.tag_name}"
        raise AssertionError(f"Tab does not lead to {selector}")

    def script(self, code: str, *arguments):
        return self.driver.execute_script(code, *arguments)

    def console(self) -> list[str]:
        """What the console has said since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def view(self, name: str) -> None:
        width, height, mobile, scheme = VIEWS[name]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def screenshot(self, name: str) -> None:
        """The whole page, however long."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True})
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))
