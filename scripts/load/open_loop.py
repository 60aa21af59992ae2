"""Requests at a fixed rate, whether or not earlier ones were answered; times count from when they were due."""

import asyncio
import time


class Connection(asyncio.Protocol):
    """One connection of HTTP/1.1, which is kept for the next request."""

    def __init__(self, idle):
        self.idle, self.buffer, self.length, self.done = idle, b"", None, None

    def connection_made(self, transport):
        self.transport = transport

    def send(self, request):
        self.done = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.done

    def data_received(self, data):
        self.buffer += data
        if self.length is None:
            head, found, _ = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            fields = head.lower().split(b"\r\n")
            self.status = int(fields[0].split()[1])
            length = next((int(field[15:]) for field in fields if field.startswith(b"content-length:")), 0)
            self.length, self.closes = len(head) + 4 + length, b"connection: close" in fields
        if len(self.buffer) >= self.length:
            self.buffer, self.length = b"", None
            self.transport.close() if self.closes else self.idle.append(self)
            if not self.done.done():
                self.done.set_result(self.status)

    def connection_lost(self, error):
        if self in self.idle:
            self.idle.remove(self)
        if self.done and not self.done.done():
            self.done.set_result(0)


class Load:
    """Requests to one port, and the status and time of each answer."""

    def __init__(self, port, requests):
        self.port, self.requests, self.idle, self.answers = port, requests, [], []
        # How late requests were sent, because this process was busy.
        self.late = []

    async def one(self, request, due, limit):
        status = 0
        connection = None
        try:
            if self.idle:
                connection = self.idle.pop()
            else:
                loop = asyncio.get_running_loop()
                connecting = loop.create_connection(lambda: Connection(self.idle), "127.0.0.1", self.port)
                _, connection = await asyncio.wait_for(connecting, limit)
            status = await asyncio.wait_for(connection.send(request), limit)
        except (OSError, asyncio.TimeoutError):
            if connection:
                connection.transport.abort()
        self.answers.append((status, time.monotonic() - due))

    async def closed_loop(self, clients, seconds):
        """As many requests as clients can send, one after another; returns the rate of those that succeeded."""
        end = time.monotonic() + seconds

        async def client(number):
            while time.monotonic() < end:
                await self.one(self.requests[number % len(self.requests)], time.monotonic(), 10)

        await asyncio.gather(*(client(number) for number in range(clients)))
        return sum(status == 200 for status, _ in self.answers) / seconds

    async def open_loop(self, rate, seconds, limit=10):
        start, tasks = time.monotonic(), set()
        for number in range(int(rate * seconds)):
            due = start + number / rate
            wait = due - time.monotonic()
            if wait > 0.001 or number % 50 == 0:
                await asyncio.sleep(max(0, wait))
            self.late.append(time.monotonic() - due)
            task = asyncio.create_task(self.one(self.requests[number % len(self.requests)], due, limit))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)
        return self.answers
