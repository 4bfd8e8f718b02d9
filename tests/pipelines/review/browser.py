"""A clip, deid review on it, and a headless Chromium before its page. Helpers of browser_test.py and of bench/review."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

SKIP = 77  # the exit status by which ctest knows a test that skipped itself


def skip(sentence):
    print(sentence)
    sys.exit(SKIP)


def need_browser():
    """Ends the test, skipped, unless a browser and its driver are installed."""
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        skip("chromium or chromium-driver is not installed, so the page is not tried in a browser.")
    try:
        import selenium  # noqa: F401
    except ImportError:
        skip("python3-selenium is not installed, so the page is not tried in a browser.")


class Deid:
    """The program, with its plugins and models."""

    def __init__(self, program, plugins, deps):
        self.program = program
        self.environment = {**os.environ, "GST_PLUGIN_PATH": str(plugins), "DEID_MODEL_DIR": str(deps / "models")}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):  # no window of the tester's opens
            self.environment.pop(name, None)

    def run(self, *words):
        return subprocess.run([self.program, *map(str, words)], env=self.environment, capture_output=True, text=True, check=False)

    def must(self, *words):
        done = self.run(*words)
        if done.returncode != 0:
            raise AssertionError(f"deid {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def review(self, *words):
        """`deid review`, until the block ends; gives its address."""
        process = subprocess.Popen([self.program, "review", *map(str, words)], env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            line = process.stdout.readline()
            if "http://127.0.0.1:" not in line:
                process.kill()
                raise AssertionError(f"deid review gave no address: {line}{process.stderr.read()}")
            yield line.split()[-1]
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            process.stdout.close()
            process.stderr.close()
        if process.returncode != 0:
            raise AssertionError(f"deid review ended with status {process.returncode}")


def open_browser(profile):
    """A browser with a profile folder of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}",
                     *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    browser.set_script_timeout(120)
    return browser


class Page:
    """The page, as a person uses it."""

    def __init__(self, browser, address):
        self.browser = browser
        self.origin = address.split("/?")[0]
        self.size(1440, 900)
        browser.get(address)
        self.until("document.body.dataset.ready === 'yes'", "the page is not ready")
        self.until("document.getElementById('result').dataset.frame !== undefined", "no frame is shown")

    def size(self, width, height, theme="light"):
        command = self.browser.execute_cdp_cmd
        command("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        command("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})

    def js(self, expression):
        return self.browser.execute_script(f"return {expression};")

    def until(self, expression, otherwise, seconds=120):
        end = time.monotonic() + seconds
        while not self.js(expression):
            if time.monotonic() > end:
                raise AssertionError(f"{otherwise}; alerts: {self.alerts()}; page says: {self.js('document.body.innerText')[:500]}")
            time.sleep(.05)

    def alerts(self):
        return self.js("document.getElementById('alerts').innerText")

    def ask(self, path):
        """What the server answers to the page itself: {status, body}."""
        return self.browser.execute_async_script(
            "const done = arguments[1];"
            "fetch(arguments[0], {headers: {'X-Deid-Key': sessionStorage.getItem('deid-key')}})"
            ".then(async (r) => done({status: r.status, body: await r.text()}), (e) => done({status: 0, body: String(e)}));", path)

    def get(self, what):
        answer = self.ask(f"/api/{what}")
        if answer["status"] != 200:
            raise AssertionError(f"/api/{what}: {answer}")
        return json.loads(answer["body"])

    def key(self, *keys):
        """Keys as a keyboard sends them, to whatever has the focus."""
        from selenium.webdriver.common.action_chains import ActionChains
        chain = ActionChains(self.browser)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def click(self, selector):
        from selenium.webdriver.common.by import By
        self.browser.find_element(By.CSS_SELECTOR, selector).click()

    def button(self, text, within="dialog[open]"):
        """Presses the button with this text."""
        found = self.browser.execute_script(
            "const b = [...document.querySelectorAll(arguments[0] + ' button')].find((b) => b.textContent.trim() === arguments[1]);"
            "b?.click(); return Boolean(b);", within, text)
        if not found:
            raise AssertionError(f"no button {text!r} in {within}")

    def fill(self, selector, text):
        from selenium.webdriver.common.by import By
        self.until(f"document.querySelector({selector!r})", f"{selector} does not appear")
        self.browser.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def frame(self):
        return int(self.js("document.getElementById('result').dataset.frame"))

    def go_to(self, frame):
        self.browser.execute_async_script(
            "const done = arguments[1]; import('/viewer.js').then((v) => v.show(arguments[0])).then(done, done);", frame)
        self.until(f"document.getElementById('result').dataset.frame === '{frame}'", f"frame {frame} is not shown")

    def drag(self, box):
        """Draws with the mouse from one corner of the box (px of the video) to the other."""
        x, y, width, height = box
        place = self.browser.execute_async_script(
            "const done = arguments[0]; Promise.all([import('/viewer.js'), import('/model.js')]).then(([v, m]) => {"
            "const b = v.picture_box(document.getElementById('result'));"
            "done([b.left, b.top, b.width / m.model.video.width]); });")
        left, top, scale = place
        from selenium.webdriver.common.actions.action_builder import ActionBuilder
        action = ActionBuilder(self.browser, duration=30)
        pointer = action.pointer_action
        pointer.move_to_location(round(left + x * scale), round(top + y * scale)).pointer_down()
        pointer.move_to_location(round(left + (x + width / 2) * scale), round(top + (y + height / 2) * scale))
        pointer.move_to_location(round(left + (x + width) * scale), round(top + (y + height) * scale)).pointer_up()
        action.perform()

    def errors(self):
        """What the browser complained of."""
        return [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]


def frames_of(video):
    """All frames of a video as PIL pictures."""
    from PIL import Image
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", video],
                           capture_output=True, text=True, check=True).stdout
    width, height = map(int, probe.strip().strip(",").split(",")[:2])
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", video, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, check=True).stdout
    size = width * height * 3
    return [Image.frombytes("RGB", (width, height), raw[i:i + size]) for i in range(0, len(raw), size)]


def folder_of(path):
    return pathlib.Path(path).resolve().parent
