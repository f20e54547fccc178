"""A small real mail server: it takes mail over a socket and can be grumpy, forgetful, or away."""

import socketserver
import threading
from email import message_from_bytes
from email.policy import default


class _Handler(socketserver.StreamRequestHandler):
    """One conversation as in RFC 5321."""

    def handle(self):
        self.say(220, "here")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say(221, "bye")
                return
            if not getattr(self, f"on_{verb.lower()}")(rest):
                return

    def say(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())
        return True

    def on_ehlo(self, _rest):
        self.wfile.write(b"250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
        return True

    def on_auth(self, _rest):
        return self.say(*self.server.answers.get("AUTH", (235, "2.7.0 welcome")))

    def on_mail(self, _rest):
        return self.say(*self.server.answers.get("MAIL", (250, "2.1.0 ok")))

    def on_rset(self, _rest):
        return self.say(250, "2.0.0 ok")

    def on_rcpt(self, rest):
        self.to = rest.partition("<")[2].partition(">")[0]
        self.server.asked.append(self.to)
        return self.say(*self.server.answers.get(self.to, (250, "2.1.5 ok")))

    def on_data(self, _rest):
        self.say(354, "go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = self.server.answers.get("DATA", (250, "2.0.0 taken"))
        if answer == "hang up before":
            return False
        if answer == "hang up after" or answer[0] == 250 or self.server.keeps_all:
            self.server.mails.append((self.to, message_from_bytes(b"".join(lines), policy=default)))
        return answer != "hang up after" and self.say(*answer)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class MailServer:
    """`answers` maps "AUTH", "MAIL", "DATA" or an address to what is said: (code, text), or "hang up before/after"
    the mail is taken.
    """

    def __init__(self):
        self.answers, self.mails, self.asked = {}, [], []
        self.port = 0
        self.start()

    def start(self):
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.answers, self._server.mails, self._server.asked = self.answers, self.mails, self.asked
        self._server.keeps_all = False
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def keep_all(self):
        """Keep also what is answered with a refusal."""
        self._server.keeps_all = True

    def of(self, address):
        """The mails that an address got."""
        return [mail for to, mail in self.mails if to == address]

    def subjects(self, address):
        return [mail["Subject"] for mail in self.of(address)]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()
