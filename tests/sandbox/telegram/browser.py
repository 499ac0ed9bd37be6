"""A headless Chromium driven by the DevTools protocol over one web socket."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = next(
    filter(
        None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    ),
    None,
)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)


class Browser:
    """One page. Scripts run in it; what it asked of the network and complained of is kept."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: asyncio.Queue[str] = asyncio.Queue()
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def listen(self) -> None:
        """Sorts what the browser tells."""
        async for frame in self._socket:
            told = json.loads(frame.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            elif told["method"] == "Network.requestWillBeSent":
                self.asked.append(told["params"]["request"]["url"])
            elif told["method"] == "Target.targetInfoChanged":
                self._tabs.put_nowait(told["params"]["targetInfo"]["url"])
            elif told["method"] in {"Runtime.exceptionThrown", "Log.entryAdded"}:
                self.complaints.append(json.dumps(told["params"], ensure_ascii=False))

    async def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command and its result."""
        number = next(self._ids)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        answer = await asyncio.wait_for(self._answers[number], 20)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    async def opens(self, address: str, width: int, height: int = 860) -> None:
        """Shows the address in a window of the given size."""
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.tell(f"{domain}.enable")
        await self.resizes(width, height)
        await self.tell("Page.navigate", url=address)

    async def resizes(self, width: int, height: int = 860) -> None:
        """Another window size; below 500 px it is a telephone."""
        await self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    async def runs(self, script: str) -> Any:
        """The value of an expression in the page; promises are awaited."""
        answer = await self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            await self.keeps_picture("failed.png")
            raise AssertionError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def waits(self, condition: str, seconds: float = 10) -> Any:
        """Until the expression is true in the page; looks at every frame it paints."""
        script = (
            "new Promise((done, fail) => { const end = Date.now() + %d; const look = () => {"
            " const value = (() => (%s))(); if (value) done(value);"
            " else if (Date.now() > end) fail(new Error('не дождались'));"
            " else setTimeout(look, 20); }; look(); })"
        )
        return await self.runs(script % (seconds * 1000, condition))

    async def types(self, text: str) -> None:
        """Text into the focused field."""
        await self.tell("Input.insertText", text=text)

    async def strikes(self, key: str) -> None:
        """One key, pressed and released: Tab, Enter, Escape."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27}[key]
        extra = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            await self.tell(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **(extra if kind == "keyDown" else {}),
            )

    async def opens_tab(self, act: str, begins: str) -> str:
        """The address, beginning so, of the tab that a script in the page opens."""
        await self.tell("Target.setDiscoverTargets", discover=True)
        await self.tell("Runtime.evaluate", expression=act, userGesture=True)
        async with asyncio.timeout(10):
            while not (address := await self._tabs.get()).startswith(begins):
                pass
        return address

    async def keeps_picture(self, name: str) -> None:
        """A screenshot into the folder named by SCREENSHOTS, if there is one."""
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            shot = await self.tell("Page.captureScreenshot", format="png")
            path = Path(folder)
            await asyncio.to_thread(path.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread((path / name).write_bytes, base64.b64decode(shot["data"]))


@contextlib.asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    """Starts the browser with an empty profile and these flags too, and ends it."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *FLAGS,
            *more,
            f"--user-data-dir={profile}",
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(process)
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as response:
                    pages = [each for each in await response.json() if each["type"] == "page"]
                address = pages[0]["webSocketDebuggerUrl"]
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    browser = Browser(socket)
                    listening = asyncio.create_task(browser.listen())
                    yield browser
                    await socket.close()
                    await listening
        finally:
            process.terminate()
            await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    while line := (await asyncio.wait_for(process.stderr.readline(), 30)).decode():
        if "DevTools listening on ws://" in line:
            return int(line.split("/")[2].rpartition(":")[2])
    raise AssertionError("Chromium did not start")
