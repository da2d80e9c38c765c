"""A page as a browser has it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def opened(browser: str, page: Path, address: str = "", width: int = 1100) -> str:
    """The page after its scripts have run; nothing may have been written to the console."""
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--virtual-time-budget=5000",
    ]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    ran = subprocess.run(
        [
            browser,
            *options,
            profile,
            f"--window-size={width},1200",
            "--dump-dom",
            page.as_uri() + address,
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    console = [
        line for line in ran.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line
    ]
    assert not console
    return ran.stdout.decode()


def visited(browser: str, page: Path, visitor: str, width: int = 1100) -> list[str]:
    """What a visitor wrote down; on a copy of the page without its policy, as the visitor is a script too."""
    text = re.sub(r"<meta http-equiv=.*?>", "", page.read_text("utf-8"))
    page.write_text(text.replace("</body>", f"<script>{visitor}</script></body>"), "utf-8")
    (title,) = re.findall(r"<title>(.*?)</title>", opened(browser, page, width=width))
    return title.split(" | ")
