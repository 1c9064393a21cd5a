"""The probe's loop: says hello, then answers `read` and `measure` until `bye`."""

import sys


def main():
    if sys.version_info < (3, 9):
        sys.stdout.write(
            '{"type":"error","message":"Python %d.%d is too old: 3.9 or newer is needed"}\n'
            % sys.version_info[:2]
        )
        return
    from .answering import Answering, hello, quiet_threads
    from .protocol import Channel

    quiet_threads()
    channel = Channel()
    answering = Answering(channel.send, channel.cancelled)
    channel.send("hello", **hello())
    while True:
        message = channel.messages.get()
        if message.get("type") == "bye":
            return
        answering.answer(message)


if __name__ == "__main__":
    main()
