#!/usr/bin/env python3
"""A small ticket desk: the MCP server of the demonstration, made with the official Python SDK.

    server.py [--port 9000] [--address 127.0.0.1]

It speaks every revision that the SDK speaks (2026-07-28 and the `initialize` ones) at /mcp, keeps its tickets in memory, and
asks nobody who they are: that is the gateway's work. The name of the caller comes from the X-Gatehouse-Subject field, which
only the gateway can set.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
from typing import Annotated, Literal

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
DESTROYS = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)

State = Literal["open", "closed"]
Priority = Literal["low", "normal", "high"]
TicketNumber = Annotated[int, Field(description="The number of the ticket", ge=1)]


class Ticket(BaseModel):
    """One ticket of the desk."""

    number: int
    title: str
    text: str
    state: State = "open"
    priority: Priority = "normal"
    opened_by: str
    comments: list[str] = []


class Desk:
    """All tickets, by number. Lost when the process ends."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.last = 0
        for title, text, priority in (
            ("Printer on the second floor prints blank pages", "Since Monday. Toner is new.", "normal"),
            ("VPN drops every ten minutes", "Only from the train, and only on Thursdays.", "high"),
            ("New starter needs an account", "Lee starts on the first of the month.", "normal"),
            ("The coffee machine asks for a firmware update", "It wants a password nobody has.", "low"),
        ):
            self.open(title, text, priority, "reception")
        self.tickets[3].state = "closed"

    def open(self, title: str, text: str, priority: Priority, by: str) -> Ticket:
        self.last += 1
        ticket = Ticket(number=self.last, title=title, text=text, priority=priority, opened_by=by)
        self.tickets[ticket.number] = ticket
        return ticket

    def ticket(self, number: int) -> Ticket:
        if number not in self.tickets:
            raise ValueError(f"There is no ticket {number}.")
        return self.tickets[number]


def caller(ctx: Context) -> str:
    """Who is asking, in the gateway's words; "somebody" when the server is asked without one."""
    return (ctx.headers or {}).get("x-gatehouse-subject", "somebody")


def make_server(desk: Desk) -> MCPServer:
    server = MCPServer(
        "ticket-desk",
        title="Ticket desk",
        version="1.0.0",
        instructions="A ticket desk to try things on. Its tickets live in memory and are gone when it stops.",
    )

    @server.tool(annotations=READS)
    def list_tickets(state: State | None = None) -> list[Ticket]:
        """List the tickets, all of them or those in one state."""
        return [t for t in desk.tickets.values() if state is None or t.state == state]

    @server.tool(annotations=READS)
    def get_ticket(number: TicketNumber) -> Ticket:
        """Show one ticket with its comments."""
        return desk.ticket(number)

    @server.tool(annotations=READS)
    def search_tickets(words: Annotated[str, Field(description="Words that must all occur", min_length=1)]) -> list[Ticket]:
        """Find tickets by words of their title or text."""
        wanted = words.lower().split()
        return [t for t in desk.tickets.values() if all(w in f"{t.title} {t.text}".lower() for w in wanted)]

    @server.tool(annotations=READS)
    async def long_report(
        ctx: Context,
        seconds: Annotated[float, Field(description="How long it may take", ge=0, le=600)] = 5,
    ) -> str:
        """Write a report about the desk, slowly, telling how far it is (to see progress pass through the gateway)."""
        steps = 10
        for step in range(1, steps + 1):
            await asyncio.sleep(seconds / steps)
            await ctx.report_progress(step, steps, f"page {step} of {steps}")
        count = {s: sum(t.state == s for t in desk.tickets.values()) for s in ("open", "closed")}
        return f"{count['open']} open, {count['closed']} closed, written for {caller(ctx)} in {steps} pages."

    @server.tool(annotations=CHANGES)
    async def create_ticket(ctx: Context, title: str, text: str = "", priority: Priority = "normal") -> Ticket:
        """Open a new ticket."""
        ticket = desk.open(title, text, priority, caller(ctx))
        await ctx.notify_resource_updated(f"ticket://{ticket.number}")
        return ticket

    @server.tool(annotations=CHANGES)
    async def comment_ticket(ctx: Context, number: TicketNumber, comment: str) -> Ticket:
        """Add a comment to a ticket."""
        ticket = desk.ticket(number)
        ticket.comments.append(f"{caller(ctx)}: {comment}")
        await ctx.notify_resource_updated(f"ticket://{number}")
        return ticket

    @server.tool(annotations=CHANGES)
    async def close_ticket(ctx: Context, number: TicketNumber) -> Ticket:
        """Close a ticket."""
        ticket = desk.ticket(number)
        ticket.state = "closed"
        await ctx.notify_resource_updated(f"ticket://{number}")
        return ticket

    @server.tool(annotations=DESTROYS)
    def delete_ticket(number: TicketNumber) -> str:
        """Delete a ticket for good."""
        desk.ticket(number)
        del desk.tickets[number]
        return f"Ticket {number} is gone."

    @server.resource("ticket://desk/today", mime_type="text/plain", description="What lies on the desk today")
    def today() -> str:
        lines = [f"#{t.number} [{t.priority}] {t.title}" for t in desk.tickets.values() if t.state == "open"]
        return "\n".join([f"Open on {datetime.date.today()}:", *lines])

    @server.resource("ticket://{number}", mime_type="application/json", description="One ticket")
    def ticket(number: str) -> str:
        return desk.ticket(int(number)).model_dump_json()

    @server.prompt(description="Draft an answer to the person who opened a ticket")
    def answer_ticket(number: str, tone: str = "friendly") -> str:
        t = desk.ticket(int(number))
        return f'Write a {tone} answer to {t.opened_by} about ticket {t.number}, "{t.title}": {t.text}'

    return server


def main() -> None:
    arguments = argparse.ArgumentParser(description="The ticket desk of the demonstration")
    arguments.add_argument("--address", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=9000)
    chosen = arguments.parse_args()
    app = make_server(Desk()).streamable_http_app(host=chosen.address)
    print(f"ticket desk on http://{chosen.address}:{chosen.port}/mcp", flush=True)
    uvicorn.run(app, host=chosen.address, port=chosen.port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
