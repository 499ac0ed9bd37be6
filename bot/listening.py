"""Servers of our own: how they begin to listen."""

from aiohttp import web

from core.errors import AssistantError


async def listening(site: web.TCPSite, setting: str) -> None:
    """Start a server; raises AssistantError that names the setting where the address is wrong."""
    try:
        await site.start()
    except OSError as fault:
        raise AssistantError(
            f"Настройка {setting}: адрес {site.name.removeprefix('http://')} занят или не этого "
            f"компьютера ({fault.strerror or fault}). Укажите другой.") from fault
