"""Mails that were taken and came back: their deliveries are dead after all, and told as such."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from monitor.core import ids
from monitor.errors import ChannelError
from monitor.model import Delivery, Receipt
from monitor.pipeline import Pipeline
from monitor.ports import Returning

# Between two looks. Set here: hosts report within minutes or after days, and mailboxes at providers are asked seldom.
LOOK_EVERY = timedelta(minutes=5)


async def take(pipeline: Pipeline) -> list[tuple[Delivery, Receipt]]:
    """Book as dead what came back; a place that cannot be looked at is a fault of its channel, and looked at again."""
    booked = []
    for channel_id, channel in list(pipeline.channels.items()):
        try:
            found = await channel.returned() if isinstance(channel, Returning) else ()
        except ChannelError as error:
            pipeline.fault("bounces", error)
            continue
        for bounce in found:
            named = (ids.delivery_id(bounce.alert, channel_id, bounce.recipient),) if bounce.alert else ()
            receipt = Receipt("refused", f"the mail came back: {bounce.words}")
            now = pipeline.clock.now()
            delivery = await asyncio.to_thread(pipeline.store.come_back, (*bounce.ids, *named), receipt, now)
            if delivery is not None:
                booked.append((delivery, receipt))
    return booked
