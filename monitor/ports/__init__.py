"""The contracts between the pipeline and the outside: Protocols, with what each promises. Names follow `model`."""

from monitor.ports.outside import Channel, Clock, Engine, Fetcher, Judge, Parser, Returning
from monitor.ports.store import Store

__all__ = ["Channel", "Clock", "Engine", "Fetcher", "Judge", "Parser", "Returning", "Store"]
