"""A small real mail server: it takes mail over a socket and can be grumpy, forgetful, or away."""

import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from email import message_from_bytes
from email.policy import default

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class _Handler(socketserver.StreamRequestHandler):
    """One conversation as in RFC 5321."""

    def handle(self):
        if self.server.tls == "implicit" and not self.encrypt():
            return
        self.say(220, "here")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            self.server.verbs.append((verb.upper(), isinstance(self.connection, ssl.SSLSocket)))
            if verb.upper() == "QUIT":
                self.say(221, "bye")
                return
            if not getattr(self, f"on_{verb.lower()}")(rest):
                return

    def say(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())
        return True

    def encrypt(self):
        try:
            self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        except OSError:
            return False  # the other side did not like the certificate
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        return True

    def on_ehlo(self, rest):
        self.server.greetings.append(rest)
        offers = "250-STARTTLS\r\n" if self.server.tls == "starttls" else ""
        self.wfile.write(f"250-here\r\n{offers}250-AUTH PLAIN\r\n250 8BITMIME\r\n".encode())
        return True

    def on_starttls(self, _rest):
        return self.say(220, "go ahead") and self.encrypt()

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
    the mail is taken. `greetings` are the names under which somebody said EHLO; `verbs` is what was said to it, each
    with whether it was encrypted.

    tls: "none", "starttls" or "implicit", with this certificate.
    """

    def __init__(self, tls="none", certificate=None):
        self.answers, self.mails, self.asked, self.verbs, self.greetings = {}, [], [], [], []
        self.port, self.tls, self.context = 0, tls, None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.start()

    def start(self):
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.answers, self._server.mails, self._server.asked = self.answers, self.mails, self.asked
        self._server.greetings = self.greetings
        self._server.verbs, self._server.tls, self._server.context = self.verbs, self.tls, self.context
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


def certificate(path, *names):
    """Make a certificate with its key for these names, signed by nobody else; return where it is."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def text_of(mail):
    return mail.get_body(("plain",)).get_content()
